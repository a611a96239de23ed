using IssueObservatory.Mesh.Sandbox;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary><c>--follow</c> and <c>mesh update</c>, with the command as a process.</summary>
public sealed class FollowCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_reads_what_is_old_enough_and_says_how_far_it_is()
    {
        await using var lab = await MeshLab.WithVideosAsync(50, Token);
        string[] follow = ["collect", "terms", "#dkpol", "--follow", "--from", "2026-01-01", "--data", lab.Data, "--rate", "0", "--json", "--no-wait"];

        var followed = await lab.RunAsync(Token, follow);

        followed.ExitCode.ShouldBe(0, followed.Errors);
        followed.Json.GetProperty("state").GetString().ShouldBe("running");
        followed.Json.GetProperty("records").GetProperty("new").GetInt32().ShouldBe(50);
        var upTo = followed.Json.GetProperty("standing").GetProperty("up_to").GetString()!;
        followed.Errors.ShouldContain($"read up to {upTo}");
        var sent = lab.Queries.Count;
        (await lab.RunAsync(Token, follow)).Json.GetProperty("collection_id").GetString().ShouldBe(followed.Json.GetProperty("collection_id").GetString());
        lab.Queries.Count.ShouldBe(sent);

        var id = followed.Json.GetProperty("collection_id").GetString()!;
        (await lab.RunAsync(Token, "status", id, "--data", lab.Data)).Output.ShouldContain($"up to {upTo}");
        (await lab.RunAsync(Token, "update", id, "--units-per-day", "3", "--max-units", "500", "--data", lab.Data)).Output.ShouldContain("(at most 3 units a day, 500 units in all)");
        var updated = await lab.RunAsync(Token, "update", id, "--to", upTo, "--label", "study=valg", "--data", lab.Data, "--json");
        updated.ExitCode.ShouldBe(0, updated.Errors);
        updated.Json.GetProperty("state").GetString().ShouldBe("complete");
        updated.Json.GetProperty("limits").GetProperty("last_day").GetString().ShouldBe(upTo);
        var coverage = await lab.RunAsync(Token, "coverage", id, "--data", lab.Data, "--json");
        coverage.Json.GetProperty("spans").EnumerateArray().Select(span => span.GetProperty("state").GetString()).Distinct().ShouldBe(["complete", "empty"], ignoreOrder: true);
        coverage.Json.GetProperty("spans").EnumerateArray().Sum(span => span.GetProperty("videos").GetInt64()).ShouldBe(50);
    }

    [Fact]
    public async Task What_is_too_young_to_be_read_is_said_with_its_time_and_what_was_cancelled_has_no_next_day()
    {
        await using var lab = await MeshLab.WithVideosAsync(1, Token);
        var yesterday = TimeProvider.System.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        var followed = await lab.RunAsync(Token, "collect", "terms", "#dkpol", "--follow", "--from", yesterday, "--data", lab.Data, "--rate", "0", "--json", "--no-wait");
        var id = followed.Json.GetProperty("collection_id").GetString()!;

        followed.ExitCode.ShouldBe(0, followed.Errors);
        followed.Errors.ShouldMatch("mesh: no day is old enough yet: the first is read at .* UTC");
        (await lab.RunAsync(Token, "pause", id, "--data", lab.Data)).Output.ShouldBe($"{id}: paused; `mesh resume {id}` goes on\n");
        (await lab.RunAsync(Token, "status", id, "--data", lab.Data)).Output.ShouldContain("no more days are read until it is resumed");
        (await lab.RunAsync(Token, "cancel", id, "--data", lab.Data)).ExitCode.ShouldBe(0);
        (await lab.RunAsync(Token, "status", id, "--data", lab.Data)).Output.ShouldContain("follows  no day yet; no more days are read\n");
    }

    [Theory]
    [InlineData(new[] { "collect", "terms", "#a", "--follow", "--to", "2026-01-31" }, "--to cannot be used with --follow")]
    [InlineData(new[] { "collect", "terms", "#a", "--units-per-day", "0" }, "--units-per-day is '0'; allowed is a whole number from 1")]
    [InlineData(new[] { "collect", "terms", "#a", "--follow", "--sample", "5" }, "--follow cannot be used with --sample")]
    [InlineData(new[] { "collect", "videos", "7345557461438385450", "--follow" }, "--follow is not an option")]
    [InlineData(new[] { "update", "c1" }, "nothing is given that could be changed; allowed are --max-results")]
    [InlineData(new[] { "update", "c1", "--max-units", "9" }, "COLLECTION 'c1' is not known here")]
    public async Task Bad_input_is_one_clear_line(string[] args, string says)
    {
        await using var lab = await MeshLab.StartAsync(new SandboxOptions { EmptyWorld = true }, Token);

        var refused = await lab.RunAsync(Token, [.. args, "--data", lab.Data]);

        refused.ExitCode.ShouldBe(2, refused.Errors);
        refused.Errors.ShouldContain(says);
    }
}
