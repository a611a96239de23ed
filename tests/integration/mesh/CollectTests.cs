using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>The main job, with the command as a process against the sandbox.</summary>
public sealed class CollectTests
{
    private const string Dkpol = """{"and":[{"operation":"IN","field_name":"region_code","field_values":["DK"]},{"operation":"EQ","field_name":"hashtag_name","field_values":["dkpol"]}]}""";
    private const string Folketinget = """{"and":[{"operation":"IN","field_name":"region_code","field_values":["DK"]},{"operation":"EQ","field_name":"keyword","field_values":["folketinget"]}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Terms_leave_exactly_the_videos_that_the_api_returns_once_each()
    {
        await using var lab = await MeshLab.StartAsync(new SandboxOptions(), Token);

        var collected = await lab.RunAsync(Token, "collect", "terms", "#dkpol", "folketinget", "--region", "DK", "--from", "2026-01-01", "--to", "2026-03-31", "--data", lab.Data, "--rate", "0", "--json");

        collected.ExitCode.ShouldBe(0, collected.Errors);
        collected.Json.GetProperty("state").GetString().ShouldBe("complete");
        collected.Json.GetProperty("days").GetProperty("complete").GetInt32().ShouldBe(90);
        var records = await lab.ExportAsync(Token);
        records.Keys.ShouldBe(lab.Truth(Dkpol, MeshLab.From, MeshLab.To).Union(lab.Truth(Folketinget, MeshLab.From, MeshLab.To)).Order(StringComparer.Ordinal));
        foreach (var id in lab.Truth(Dkpol, MeshLab.From, MeshLab.To).Intersect(lab.Truth(Folketinget, MeshLab.From, MeshLab.To)))
        {
            records[id].GetProperty("search_terms_matched").EnumerateArray().Select(term => term.GetString()).ShouldBe(["#dkpol", "folketinget"], ignoreOrder: true);
        }

        collected.Json.GetProperty("requests").GetProperty("sent").GetInt32().ShouldBe(lab.Queries.Count);
        lab.Sandbox.Log.CountedOn(DateOnly.FromDateTime(lab.Queries[0].At.UtcDateTime)).ShouldBe(collected.Json.GetProperty("quota").GetProperty("used").GetInt32());
    }

    [Fact]
    public async Task The_same_command_again_costs_nothing_and_says_the_same()
    {
        await using var lab = await MeshLab.WithVideosAsync(120, Token);
        var first = await lab.RunAsync(Token, lab.CollectTerms());
        var sent = lab.Queries.Count;

        var again = await lab.RunAsync(Token, lab.CollectTerms());

        again.ExitCode.ShouldBe(0, again.Errors);
        lab.Queries.Count.ShouldBe(sent);
        again.Json.GetProperty("collection_id").GetString().ShouldBe(first.Json.GetProperty("collection_id").GetString());
        again.Json.GetProperty("records").ToString().ShouldBe(first.Json.GetProperty("records").ToString());
    }

    [Fact]
    public async Task A_collection_that_is_served_from_what_is_there_says_how_many_records_it_has()
    {
        await using var lab = await MeshLab.WithVideosAsync(120, Token);
        (await lab.RunAsync(Token, lab.CollectTerms())).Json.GetProperty("records").GetProperty("held").GetInt32().ShouldBe(120);

        var served = await lab.RunAsync(Token, lab.CollectTerms("--new"));
        var id = served.Json.GetProperty("collection_id").GetString()!;

        served.Json.GetProperty("records").GetProperty("received").GetInt32().ShouldBe(0);
        served.Json.GetProperty("records").GetProperty("held").GetInt32().ShouldBe(120);
        (await lab.RunAsync(Token, "status", id, "--data", lab.Data)).Output.ShouldContain("records  120 in all; by this collection 0 received");
        (await lab.RunAsync(Token, "list", "--data", lab.Data)).Output.ShouldMatch($"{id} .* 120 +0 ");
    }

    [Fact]
    public async Task Hashtags_share_a_search_and_each_record_says_which_matched()
    {
        await using var lab = await MeshLab.StartAsync(new SandboxOptions(), Token);

        var collected = await lab.RunAsync(Token, "collect", "terms", "#dkpol", "#danskpolitik", "--from", "2026-01-01", "--to", "2026-02-28", "--data", lab.Data, "--rate", "0", "--json");

        collected.ExitCode.ShouldBe(0, collected.Errors);
        var first = lab.Queries.Where(query => query.Cursor is null or 0).Select(query => query.Body!).ToList();
        first.Count(body => body.Contains("\"dkpol\"", StringComparison.Ordinal) && body.Contains("\"danskpolitik\"", StringComparison.Ordinal)).ShouldBe(2, "one search a month");
        first.Count.ShouldBe(3, "the other asks for one of them alone, once a week, before the month that is left");
        var check = collected.Json.GetProperty("match_checks").EnumerateArray().ShouldHaveSingleItem();
        check.GetProperty("videos").GetInt32().ShouldBeInRange(1, 80);
        (check.GetProperty("missed").GetInt32(), check.GetProperty("invented").GetInt32()).ShouldBe((0, 0));
        foreach (var record in (await lab.ExportAsync(Token)).Values)
        {
            var tags = record.GetProperty("raw_metadata").GetProperty("hashtag_names").EnumerateArray().Select(tag => $"#{tag.GetString()}".ToLowerInvariant()).ToList();
            record.GetProperty("search_terms_matched").EnumerateArray().Select(term => term.GetString()!)
                .ShouldBe(new[] { "#dkpol", "#danskpolitik" }.Where(tags.Contains), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Actors_bring_their_videos_and_their_profile_once()
    {
        await using var lab = await MeshLab.StartAsync(new SandboxOptions(), Token);
        var names = lab.Sandbox.World.Creators.Take(2).Select(creator => creator.Username).ToArray();
        string[] command = ["collect", "actors", names[0], $"@{names[1]}", "nobody.of.that.name", "--from", "2026-01-01", "--to", "2026-02-28", "--data", lab.Data, "--rate", "0", "--json"];

        var collected = await lab.RunAsync(Token, command);

        collected.ExitCode.ShouldBe(0, collected.Errors);
        lab.Sandbox.Log.Of(SandboxEndpoint.UserInfo).Count.ShouldBe(3);
        var truth = names.SelectMany(name => lab.Truth(
            $$"""{"and":[{"operation":"EQ","field_name":"username","field_values":["{{name}}"]}]}""", new(2026, 1, 1), new(2026, 2, 28)));
        var records = await lab.ExportAsync(Token);
        records.Keys.ShouldBe(truth.Distinct().Order(StringComparer.Ordinal));
        records.Values.ShouldAllBe(record => !record.GetProperty("term_matched").GetBoolean() && record.GetProperty("search_terms_matched").GetArrayLength() == 0);
        collected.Json.GetProperty("inputs").EnumerateArray().Single(input => input.GetProperty("input").GetString() == "nobody.of.that.name")
            .GetProperty("result").GetString().ShouldBe("refused");
        var again = await lab.RunAsync(Token, [.. command, "--new"]);
        again.ExitCode.ShouldBe(0, again.Errors);
        lab.Sandbox.Log.Of(SandboxEndpoint.UserInfo).Count(request => request.ErrorCode == "ok").ShouldBe(2);
    }

    [Fact]
    public async Task Videos_are_found_by_id_in_one_request()
    {
        await using var lab = await MeshLab.WithVideosAsync(5, Token);
        var ids = Enumerable.Range(0, 5).Select(i => MeshLab.Video(i).Id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();

        var collected = await lab.RunAsync(Token, ["collect", "videos", .. ids, "--data", lab.Data, "--rate", "0", "--json"]);

        collected.ExitCode.ShouldBe(0, collected.Errors);
        lab.Queries.Count.ShouldBe(1);
        (await lab.ExportAsync(Token)).Keys.ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_limit_of_results_trims_the_collection_and_not_the_lab()
    {
        await using var lab = await MeshLab.WithVideosAsync(250, Token);

        var collected = await lab.RunAsync(Token, lab.CollectTerms("--max-results", "30"));

        collected.ExitCode.ShouldBe(3, collected.Errors);
        collected.Json.GetProperty("gaps")[0].GetProperty("reason").GetString().ShouldBe("limit_reached");
        (await lab.ExportAsync(Token)).Count.ShouldBe(30);
        var all = await lab.RunAsync(Token, lab.CollectTerms());
        all.ExitCode.ShouldBe(0, all.Errors);
        (await lab.ExportAsync(Token)).Count.ShouldBe(250);
    }

    [Fact]
    public async Task An_estimate_and_a_dry_run_spend_nothing()
    {
        await using var lab = await MeshLab.WithVideosAsync(10, Token);

        (await lab.RunAsync(Token, "estimate", "terms", "#dkpol", "klima", "--from", "2026-01-01", "--to", "2026-03-31", "--data", lab.Data, "--json")).ExitCode.ShouldBe(0);
        (await lab.RunAsync(Token, lab.CollectTerms("--dry-run"))).ExitCode.ShouldBe(0);

        lab.Sandbox.Log.Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_demo_shows_the_main_job_from_an_empty_folder()
    {
        using var folder = new Tests.TemporaryFolder();

        var demo = await RunningProgram.MeshAsync(new Dictionary<string, string>(StringComparer.Ordinal), Token, "demo", "--json", "--data", folder.PathOf("demo"));

        demo.ExitCode.ShouldBe(0, demo.Errors);
        demo.Json.GetProperty("records").GetInt32().ShouldBeGreaterThan(1_000);
        demo.Json.GetProperty("gaps").GetArrayLength().ShouldBeGreaterThan(0);
        demo.Json.GetProperty("refreshed_videos").GetInt32().ShouldBeGreaterThan(0);
        demo.Json.GetProperty("tokens_fetched").GetInt32().ShouldBeGreaterThan(1);
    }
}
