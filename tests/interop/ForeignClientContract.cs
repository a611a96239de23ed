using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Interop;

/// <summary>What every client of others can do with <c>mesh up</c>.</summary>
/// <param name="mesh">The mesh.</param>
/// <param name="month">Even month of 2025 that this client asks for: no client gets what another one paid for.</param>
public abstract class ForeignClientContract(RunningMesh mesh, int month)
{
    private const string Arena = "issueobservatory.mesh.v1.TikTokArena";
    private const string Health = "grpc.health.v1.Health";
    private const int BreakAfter = 20;

    [Theory]
    [InlineData("")]
    [InlineData("collector")]
    [InlineData(Arena)]
    public async Task Health_is_told_to_everybody(string service)
    {
        await using var client = await ConnectAsync();

        var answer = await client.CallAsync(new($"{Health}/Check", new() { ["service"] = service }));

        answer.Code.ShouldBe("OK");
        answer.Message.Word("status").ShouldBe("SERVING");
    }

    [Fact]
    public async Task The_arena_describes_itself()
    {
        await using var client = await ConnectAsync();

        var answer = await client.CallAsync(Call("DescribeArena", []));

        answer.Code.ShouldBe("OK");
        answer.Message.Word("platform").ShouldBe("tiktok");
        answer.Message.Number("daily_requests").ShouldBe(1000);
        answer.Message.List("kinds").Select(kind => kind.ToString()).ShouldBe(["terms", "actors", "videos", "query", "comments", "replies", "users", "followers", "following", "liked", "pinned", "reposted", "playlist", "shops", "products", "reviews"]);
        answer.Message.List("tiers").Single(tier => tier.Word("name") == "free").Part("available")!.Value.GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task An_estimate_names_the_searches_and_spends_nothing()
    {
        await using var client = await ConnectAsync();

        // Of a year that no other test asks for: a dark day that one of them has found is not asked for again.
        var (from, to) = (new DateOnly(2024, 3, 1), new DateOnly(2024, 4, 1));
        var spec = new Asked("vindmøller", month).Spec;
        spec["days"] = new JsonObject { ["from"] = Asked.Text(from), ["to"] = Asked.Text(to) };

        var answer = await client.CallAsync(Call("EstimateCollection", new() { ["spec"] = spec }));

        answer.Code.ShouldBe("OK");
        answer.Message.Number("min_units").ShouldBe(2);
        answer.Message.List("searches").Select(search => search.Part("days")!.Value).Select(days => (days.Word("from"), days.Word("to")))
            .ShouldBe([(Asked.Text(from), Asked.Text(to.AddDays(-1))), (Asked.Text(to), Asked.Text(to))]);
        mesh.Sandbox.Log.Of(SandboxEndpoint.VideoQuery).ShouldNotContain(request => request.Body!.Contains("vindmøller", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_brings_records_progress_checkpoints_and_the_gap_and_ends()
    {
        await using var client = await ConnectAsync();
        var asked = new Asked("boligkrise", month);

        var answer = await client.CallAsync(Call("CollectRecords", new() { ["spec"] = asked.Spec }));

        answer.Code.ShouldBe("OK");
        ShouldBeTheTruth(answer.Ids, asked);
        answer.Records.ShouldAllBe(record => record.List("search_terms_matched").Single().ToString() == "#boligkrise");
        answer.Events("checkpoint").ShouldNotBeEmpty();
        answer.Events("checkpoint")[^1].Word("cursor").ShouldBe(answer.LastCursor);
        ShouldBeTheDarkDay(answer.Events("gap").ShouldHaveSingleItem(), asked);
        var end = answer.Events("progress")[^1];
        answer.Messages[^1].Part("progress").ShouldNotBeNull();
        end.Word("state").ShouldBe("COLLECTION_STATE_COMPLETE_WITH_GAPS");
        end.Part("records")!.Value.Number("received").ShouldBe(answer.Ids.Count);
        end.Part("days")!.Value.Number("complete").ShouldBe(31);
        end.Part("days")!.Value.Number("gap").ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_that_was_broken_off_goes_on_without_a_hole_and_without_a_double()
    {
        await using var client = await ConnectAsync();
        var asked = new Asked("klimakrise", month);

        var first = await client.CallAsync(Call("CollectRecords", new() { ["spec"] = asked.Spec }) with { StopAfter = BreakAfter });
        var second = await client.CallAsync(Call("CollectRecords", new() { ["spec"] = asked.Spec, ["cursor"] = first.LastCursor }) with { StopAfter = 1 });
        var rest = await client.CallAsync(Call("CollectRecords", new() { ["spec"] = asked.Spec, ["cursor"] = second.LastCursor }));

        first.Ids.Count.ShouldBe(BreakAfter);
        first.Events("gap").ShouldBeEmpty("otherwise nothing was broken off");
        rest.Code.ShouldBe("OK");
        ShouldBeTheTruth([.. first.Ids, .. second.Ids, .. rest.Ids], asked);
        ShouldBeTheDarkDay(rest.Events("gap").ShouldHaveSingleItem(), asked);
    }

    [Fact]
    public async Task A_submitted_collection_can_be_watched_and_its_records_read_afterwards()
    {
        await using var client = await ConnectAsync();
        var asked = new Asked("andelsbolig", month);

        var submitted = await client.CallAsync(Call("SubmitCollection", new() { ["spec"] = asked.Spec }));
        var id = submitted.Message.Part("status")!.Value.Word("collection_id");
        var watched = await client.CallAsync(Call("WatchCollection", new() { ["collection_id"] = id }));
        var streamed = await client.CallAsync(Call("StreamRecords", new() { ["collection_id"] = id }));

        var states = watched.Messages.Select(message => message.Part("status")!.Value).ToList();
        states.Select(status => status.Number("sequence")).ShouldBeInOrder();
        states[^1].Word("state").ShouldBe("COLLECTION_STATE_COMPLETE_WITH_GAPS");
        ShouldBeTheDarkDay(states[^1].List("gaps").ShouldHaveSingleItem(), asked);
        ShouldBeTheTruth([.. streamed.Messages.Select(message => message.Part("change")!.Value.Part("record")!.Value.Word("platform_id"))], asked);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_request_is_told_at_once()
    {
        await using var client = await ConnectAsync();
        var spec = new JsonObject { ["terms"] = new JsonArray("#dkpol", ""), ["days"] = new JsonObject { ["from"] = "2026-02-01", ["to"] = "2026-01-01" } };

        var answer = await client.CallAsync(Call("EstimateCollection", new() { ["spec"] = spec }));

        answer.Code.ShouldBe("INVALID_ARGUMENT");
        ShouldBeOurs(answer, "BAD_INPUT");
        answer.Detail("BadRequest").List("field_violations").Select(violation => violation.Word("field")).ShouldBe(["spec.days.from", "spec.terms[1]"], ignoreOrder: true);
        answer.Detail("BadRequest").List("field_violations").ShouldAllBe(violation => violation.Word("description").Length > 0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not-the-key")]
    public async Task Who_has_no_known_key_is_not_let_in(string? key)
    {
        await using var client = await ConnectAsync();

        var answer = await client.CallAsync(Call("DescribeArena", []) with { Key = key });

        answer.Code.ShouldBe("UNAUTHENTICATED");
        answer.Messages.ShouldBeEmpty();
        ShouldBeOurs(answer, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task Tokens_are_not_handed_out_to_callers()
    {
        await using var client = await ConnectAsync();

        var answer = await client.CallAsync(new("issueobservatory.mesh.v1.TokenBroker/GetAccessToken", []) { Key = mesh.Key });

        answer.Code.ShouldBe("PERMISSION_DENIED");
        ShouldBeOurs(answer, "PERMISSION_DENIED");
        answer.Detail("ErrorInfo").Part("metadata")!.Value.Word("method").ShouldBe("issueobservatory.mesh.v1.TokenBroker/GetAccessToken");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await using var client = await ConnectAsync();

        var answer = await client.CallAsync(Call("GetCollection", new() { ["collection_id"] = "0000" }));

        answer.Code.ShouldBe("NOT_FOUND");
        ShouldBeOurs(answer, "NOT_FOUND");
    }

    [Fact]
    public async Task A_call_that_does_not_end_ends_at_its_deadline()
    {
        await using var client = await ConnectAsync();

        var answer = await client.CallAsync(new($"{Health}/Watch", []) { Deadline = 2 });

        answer.Code.ShouldBe("DEADLINE_EXCEEDED");
    }

    /// <summary>Makes the client; skips the test when its tools are missing.</summary>
    private protected abstract Task<IForeignClient> ConnectAsync();

    private protected ForeignCall Call(string method, JsonObject request) => new($"{Arena}/{method}", request) { Key = mesh.Key };

    private static void ShouldBeOurs(ForeignAnswer answer, string reason)
    {
        answer.Detail("ErrorInfo").Word("domain").ShouldBe("mesh.issueobservatory");
        answer.Detail("ErrorInfo").Word("reason").ShouldBe(reason);
    }

    private static void ShouldBeTheDarkDay(System.Text.Json.JsonElement gap, Asked asked)
    {
        var days = gap.Part("days")!.Value;
        (days.Word("from"), days.Word("to")).ShouldBe((Asked.Text(asked.To), Asked.Text(asked.To)));
        gap.Word("reason").ShouldStartWith("GAP_REASON_BLACKOUT");
        gap.Word("class").ShouldBe("CLAUSE_CLASS_HASHTAG");
        gap.List("clauses").Select(clause => clause.ToString()).ShouldBe([asked.Term]);
    }

    private void ShouldBeTheTruth(IReadOnlyList<string> ids, Asked asked)
    {
        var truth = asked.Truth(mesh.Sandbox.World);
        truth.Count.ShouldBeGreaterThan(BreakAfter);
        ids.Order(StringComparer.Ordinal).ShouldBe(truth.Order(StringComparer.Ordinal));
    }
}
