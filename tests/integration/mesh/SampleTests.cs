using IssueObservatory.Mesh.Sandbox;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>Samples: drawn at random, spread over the days, and kept apart from what is read to the end.</summary>
public sealed class SampleTests
{
    private const string Dkpol = """{"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]},{"operation":"EQ","field_name":"hashtag_name","field_values":["dkpol"]}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sample_holds_so_many_records_of_all_months_and_covers_nothing()
    {
        await using var lab = await MeshLab.StartAsync(new SandboxOptions { VideosPerDay = 400 }, Token);
        string[] quarter = ["#dkpol", "--from", "2026-01-01", "--to", "2026-03-31", "--data", lab.Data, "--rate", "0", "--json"];

        var drawn = await lab.RunAsync(Token, ["collect", "terms", .. quarter, "--sample", "60"]);

        drawn.ExitCode.ShouldBe(0, drawn.Errors);
        (drawn.Json.GetProperty("state").GetString(), drawn.Json.GetProperty("sample").GetInt32()).ShouldBe(("complete", 60));
        lab.Queries.ShouldAllBe(query => query.Body!.Contains("\"is_random\":true", StringComparison.Ordinal));
        lab.Queries.Count.ShouldBeLessThanOrEqualTo(12);
        var sample = await lab.ExportAsync(Token);
        sample.Count.ShouldBeInRange(50, 60);
        sample.Keys.Except(lab.Truth(Dkpol, MeshLab.From, MeshLab.To)).ShouldBeEmpty();
        sample.Values.ShouldAllBe(record => record.GetProperty("raw_metadata").GetProperty("is_random").GetBoolean());
        sample.Values.Select(record => record.GetProperty("published_at").GetDateTimeOffset().Month).Distinct().Order().ShouldBe([1, 2, 3]);

        var sent = lab.Queries.Count;
        (await lab.RunAsync(Token, ["collect", "terms", .. quarter, "--sample", "60"])).ExitCode.ShouldBe(0);
        lab.Queries.Count.ShouldBe(sent, "the same command again is the same sample");
        var all = await lab.RunAsync(Token, ["collect", "terms", .. quarter]);
        all.ExitCode.ShouldBe(0, all.Errors);
        all.Json.GetProperty("requests").GetProperty("sent").GetInt32().ShouldBeGreaterThan(3, "a sample covers nothing");
        var read = await lab.ExportAsync(Token);
        read.Keys.ShouldBe(lab.Truth(Dkpol, MeshLab.From, MeshLab.To));
        read.Values.ShouldAllBe(record => !record.GetProperty("raw_metadata").GetProperty("is_random").GetBoolean());
    }

    [Fact]
    public async Task Two_samples_of_the_same_are_drawn_each_for_itself_also_when_everything_is_known()
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        (await lab.RunAsync(Token, lab.CollectTerms())).ExitCode.ShouldBe(0);
        var sent = lab.Queries.Count;

        var one = await lab.RunAsync(Token, lab.CollectTerms("--sample", "40"));
        var other = await lab.RunAsync(Token, lab.CollectTerms("--sample", "40", "--new"));

        (one.ExitCode, other.ExitCode).ShouldBe((0, 0));
        lab.Queries.Count.ShouldBe(sent + 2);
        var ids = await Task.WhenAll(new[] { one, other }.Select(each => IdsAsync(lab, each.Json.GetProperty("collection_id").GetString()!)));
        (ids[0].Count, ids[1].Count).ShouldBe((40, 40));
        ids[0].Intersect(ids[1]).Count().ShouldBeLessThan(40);
    }

    [Fact]
    public async Task Fewer_than_one_for_each_search_are_refused_and_cost_nothing()
    {
        await using var lab = await MeshLab.WithVideosAsync(10, Token);

        var refused = await lab.RunAsync(Token, "collect", "terms", "a", "b", "--from", "2026-01-01", "--to", "2026-03-31", "--sample", "5", "--data", lab.Data, "--rate", "0");

        refused.ExitCode.ShouldBe(2, refused.Errors);
        refused.Errors.ShouldContain("--sample must be 6 or more");
        lab.Queries.ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(MeshLab lab, string collectionId)
    {
        var records = await lab.RunAsync(Token, "records", collectionId, "--limit", "1000", "--data", lab.Data, "--json");
        records.ExitCode.ShouldBe(0, records.Errors);
        return [.. records.Json.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("platform_id").GetString()!)];
    }
}
