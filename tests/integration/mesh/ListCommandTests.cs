using System.Text.Json;
using IssueObservatory.Mesh.Cli;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>The command with lists: what it costs is told before, and what it makes can be exported.</summary>
public sealed class ListCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Comments_of_a_collection_are_told_their_cost_and_spend_nothing_without_a_yes()
    {
        await using var lab = await MeshLab.WithVideosAsync(12, Token);
        for (var i = 0; i < 12; i++)
        {
            var video = MeshLab.Video(i);
            lab.Sandbox.World.Add(video with { Counts = video.Counts with { Comments = i == 0 ? 0 : 190 } });
            lab.Sandbox.World.Add(new SandboxComment { Id = (video.CreateTime.ToUnixTimeSeconds() << 32) + i, VideoId = video.Id, ParentId = video.Id, Text = "Hej" });
        }

        var videos = (await lab.RunAsync(Token, lab.CollectTerms())).Json.GetProperty("collection_id").GetString()!;
        var sent = lab.Sandbox.Log.Count;

        var refused = await CollectAsync(lab, "comments", "--of", videos[..12]);
        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain("11 lists, likely 22 units: 2.2 % of a day's quota.");
        refused.Errors.ShouldContain("--yes is needed");
        var unknown = await CollectAsync(lab, "comments", "--of", "nothing", "--yes");
        unknown.ExitCode.ShouldBe(2);
        unknown.Errors.ShouldContain("--of 'nothing' is not known here");
        var estimate = await lab.RunAsync(Token, "estimate", "comments", "--of", videos, "--data", lab.Data, "--json");
        (estimate.Json.GetProperty("lists").GetInt32(), estimate.Json.GetProperty("likely_units").GetInt32(), estimate.Json.GetProperty("bucket").GetString()).ShouldBe((11, 22, "research"));
        lab.Sandbox.Log.Count.ShouldBe(sent);

        foreach (var answer in new[] { "n\n", "\n", "" })
        {
            using var said = new StringWriter();
            var shell = new Shell { Output = TextWriter.Null, Error = said, Input = new StringReader(answer), InputIsTerminal = true, ErrorIsTerminal = true };
            (await MeshCommand.RunAsync(["collect", "comments", "--of", videos, "--data", lab.Data], shell, Token)).ShouldBe(5);
            said.ToString().ShouldContain("a day's quota.\nGo on? [y/N] Nothing was spent.");
        }

        lab.Sandbox.Log.Count.ShouldBe(sent);
        var collected = await CollectAsync(lab, "comments", "--of", videos, "--yes");
        collected.ExitCode.ShouldBe(0, collected.Errors);
        collected.Json.GetProperty("records").GetProperty("new").GetInt32().ShouldBe(11);
        lab.Sandbox.Log.Of(SandboxEndpoint.Comments).Count.ShouldBe(11);
        (await CollectAsync(lab, "comments", "--of", videos)).ExitCode.ShouldBe(0, "what costs nothing needs no yes");
        lab.Sandbox.Log.Of(SandboxEndpoint.Comments).Count.ShouldBe(11);
    }

    [Fact]
    public async Task Documents_are_exported_as_the_one_type_that_their_collection_makes_or_as_asked()
    {
        await using var lab = await MeshLab.WithVideosAsync(3, Token);
        foreach (var name in new[] { "opdigtet0", "opdigtet1", "opdigtet2" })
        {
            lab.Sandbox.World.Add(new SandboxCreator { Username = name, DisplayName = "Opdigtet", Followers = 40 });
        }

        var users = await CollectAsync(lab, "users", "@opdigtet0", "findes_ikke");
        users.ExitCode.ShouldBe(0, users.Errors);
        users.Json.GetProperty("inputs").EnumerateArray().Select(input => $"{input.GetProperty("input").GetString()} {input.GetProperty("result").GetString()}").ShouldBe(["@opdigtet0 ok", "findes_ikke refused"]);
        var followers = await CollectAsync(lab, "followers", "opdigtet0");
        followers.ExitCode.ShouldBe(0, followers.Errors);

        (await ExportAsync(lab, users.Json.GetProperty("collection_id").GetString()!)).ShouldHaveSingleItem().GetProperty("type").GetString().ShouldBe("profile");
        (await ExportAsync(lab, followers.Json.GetProperty("collection_id").GetString()!)).ShouldAllBe(follow => follow.GetProperty("type").GetString() == "follow");
        (await ExportAsync(lab, "--type", "profiles")).ShouldHaveSingleItem().GetProperty("withheld").EnumerateArray().ShouldNotBeEmpty();
        (await ExportAsync(lab)).ShouldBeEmpty();
        var text = await lab.RunAsync(Token, "status", "--data", lab.Data);
        text.Output.ShouldContain("followers of opdigtet0");
        text.Output.ShouldContain("1 complete, 0 missing, 0 to come");
        (await lab.RunAsync(Token, "quota", "--data", lab.Data, "--json")).Json.GetProperty("quotas").EnumerateArray().Select(quota => $"{quota.GetProperty("bucket").GetString()} {quota.GetProperty("used").GetInt32()}").ShouldBe(["research 2", "follow 1"]);
    }

    [Theory]
    [InlineData("NAME 'two words'", "followers", "two words")]
    [InlineData("ID 'x': is not a comment id; write the id (digits)", "replies", "x")]
    [InlineData("allowed is either VIDEO_ID|URL… or --of COLLECTION", "comments")]
    [InlineData("--from", "followers", "dr", "--from", "2026-01-01")]
    [InlineData("allowed is profiles or follows", "export", "--out", "-", "--type", "people")]
    [InlineData("allowed is ndjson", "export", "--out", "-", "--type", "follows", "--format", "csv")]
    public async Task Bad_input_is_one_line_and_exit_code_2(string says, params string[] arguments)
    {
        await using var lab = await MeshLab.StartAsync(new SandboxOptions { EmptyWorld = true }, Token);

        var refused = await lab.RunAsync(Token, [.. arguments[0] is "export" ? [] : (string[])["collect"], .. arguments, "--data", lab.Data]);

        refused.ExitCode.ShouldBe(2, refused.Errors);
        refused.Errors.ShouldContain(says);
        lab.Sandbox.Log.Count.ShouldBe(0);
    }

    private static Task<ProgramResult> CollectAsync(MeshLab lab, params string[] arguments) =>
        lab.RunAsync(Token, ["collect", .. arguments, "--data", lab.Data, "--rate", "0", "--json"]);

    private static async Task<IReadOnlyList<JsonElement>> ExportAsync(MeshLab lab, params string[] arguments)
    {
        var exported = await lab.RunAsync(Token, ["export", .. arguments, "--data", lab.Data, "--out", "-"]);
        exported.ExitCode.ShouldBe(0, exported.Errors);
        return [.. exported.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
