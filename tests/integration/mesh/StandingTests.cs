using System.Globalization;
using Grpc.Core;
using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>Collections without a last day, in a mesh whose days go by.</summary>
public sealed class StandingTests
{
    private static readonly DateOnly Today = new(2026, 6, 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_of_twelve_hashtags_each_cost_one_unit_a_day_together_also_over_a_restart()
    {
        var clock = new MovedTime(At(Today));
        await using var sandbox = await StartAsync(clock);
        using var folder = new TemporaryFolder();
        var sent = 0;
        List<string> ids = [];
        await using (var mesh = await EmbeddedMesh.StartAsync(Unchecked(folder, sandbox, clock), Token))
        {
            using var caller = new MeshCaller(mesh);
            for (var c = 0; c < 5; c++)
            {
                ids.Add(await FollowAsync(caller, new() { Terms = { Enumerable.Range(0, 12).Select(i => $"#t{(c * 12) + i}") }, Days = new() { From = "2026-05-29" } }));

                // Read before the next is submitted, which would join what still waits.
                await UntilAsync(caller, ids, "2026-05-29");
            }

            Queries(sandbox).Count.ShouldBe(5, "each was submitted alone");
            for (var day = 1; day <= 3; day++)
            {
                clock.MoveTo(At(Today.AddDays(day)));
                await UntilAsync(caller, ids, Text(Today.AddDays(day - 3)));
                Queries(sandbox).Count.ShouldBe(5 + day, "all of them together, once a day");
            }

            sent = Queries(sandbox).Count;
        }

        clock.MoveTo(At(Today.AddDays(8)));
        await using (var mesh = await EmbeddedMesh.StartAsync(Unchecked(folder, sandbox, clock), Token))
        {
            using var caller = new MeshCaller(mesh);
            await UntilAsync(caller, ids, "2026-06-06");
            Queries(sandbox).Count.ShouldBe(sent + 1, "five days that were missed are one window");
            var status = await StatusAsync(caller, ids[0]);
            status.State.ShouldBe(CollectionState.Running);
            status.Days.Complete.ShouldBe(9);
            status.WaitingFor.ShouldContain("not old enough");
            status.WaitingUntil.ToDateTimeOffset().ShouldBe(new(2026, 6, 10, 0, 0, 0, TimeSpan.Zero));
        }
    }

    [Fact]
    public async Task A_second_caller_who_asks_for_the_same_days_spends_nothing_and_gets_the_records_at_once()
    {
        var clock = new MovedTime(At(Today));
        await using var sandbox = await StartAsync(clock);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(Options(folder, sandbox, clock), Token);
        using var caller = new MeshCaller(mesh);
        var first = await FollowAsync(caller, new() { Terms = { "#t1" }, Days = new() { From = "2026-05-20" } });
        await UntilAsync(caller, [first], "2026-05-29");
        var sent = Queries(sandbox).Count;

        var second = await FollowAsync(caller, new() { Terms = { "#t1" }, Days = new() { From = "2026-05-22" }, Labels = { ["who"] = "another" } });
        await UntilAsync(caller, [second], "2026-05-29");

        second.ShouldNotBe(first);
        Queries(sandbox).Count.ShouldBe(sent);
        (await StatusAsync(caller, second)).Requests.Sent.ShouldBe(0);
        var records = 0;
        using var stream = caller.Arena.StreamRecords(new() { CollectionId = second }, caller.Key, cancellationToken: Token);
        await foreach (var _ in stream.ResponseStream.ReadAllAsync(Token))
        {
            records++;
        }

        records.ShouldBe(8, "one video a day");
    }

    [Fact]
    public async Task A_stream_of_it_stays_open_and_a_day_that_others_ask_for_too_is_read_once_for_all()
    {
        var clock = new MovedTime(At(Today));
        await using var sandbox = await StartAsync(clock);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(Options(folder, sandbox, clock), Token);
        using var caller = new MeshCaller(mesh);
        var spec = new CollectionSpec { Terms = { "#t1" }, Days = new() { From = "2026-05-29" }, Standing = true };
        using var stream = caller.Arena.CollectRecords(new() { Spec = spec }, caller.Key, cancellationToken: Token);
        (await NextRecordAsync(stream.ResponseStream)).ShouldBe("2026-05-29");

        clock.MoveTo(At(Today.AddDays(1)));
        var other = await caller.SubmitAsync("#t1", "2026-05-30", "2026-05-30", Token);
        await UntilAsync(caller, other, status => status.State is CollectionState.Complete);

        (await NextRecordAsync(stream.ResponseStream)).ShouldBe("2026-05-30");
        Queries(sandbox).Count.ShouldBe(2);
        clock.MoveTo(At(Today.AddDays(2)));
        (await NextRecordAsync(stream.ResponseStream)).ShouldBe("2026-05-31");
        Queries(sandbox).Count.ShouldBe(3);

        static async Task<string> NextRecordAsync(IAsyncStreamReader<CollectRecordsResponse> events)
        {
            while (await events.MoveNext(Token))
            {
                if (events.Current.Record is { } change)
                {
                    return Text(DateOnly.FromDateTime(change.Record.PublishedAt.ToDateTime()));
                }
            }

            throw new InvalidOperationException("The stream has ended.");
        }
    }

    [Fact]
    public async Task What_does_not_fit_into_the_units_of_a_day_is_read_the_next_day_oldest_first()
    {
        var clock = new MovedTime(At(Today));
        await using var sandbox = await StartAsync(clock);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(Options(folder, sandbox, clock), Token);
        using var caller = new MeshCaller(mesh);

        var id = await FollowAsync(caller, new() { Terms = { "#t1" }, Days = new() { From = "2026-03-20" }, UnitsPerDay = 1 });
        var resting = await UntilAsync(caller, id, status => status.WaitingFor.Contains("units of the day", StringComparison.Ordinal) && status.Days.Complete == 31);
        resting.WaitingUntil.ToDateTimeOffset().ShouldBe(new(2026, 6, 2, 0, 0, 0, TimeSpan.Zero));
        Queries(sandbox).Count.ShouldBe(1);
        for (var day = 1; day <= 6; day++)
        {
            clock.MoveTo(At(Today.AddDays(day)));
            await sandbox.Log.WaitUntilAsync(_ => Queries(sandbox).Count == day + 1, Token);
            await UntilAsync(caller, id, status => status.UnitsToday == 1 && status.Days.Complete + status.Days.Pending == 71 + day);
        }

        // Three windows of the past, then the days that came meanwhile, one by one.
        Queries(sandbox).Select(query => query.StartDate).ShouldBe(["20260320", "20260420", "20260521", "20260530", "20260531", "20260601", "20260602"]);
        sandbox.Log.CountedOn(Today.AddDays(3)).ShouldBe(1);
    }

    [Fact]
    public async Task A_month_of_pause_is_caught_up_with_in_one_window()
    {
        var clock = new MovedTime(At(Today));
        await using var sandbox = await StartAsync(clock);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(Options(folder, sandbox, clock), Token);
        using var caller = new MeshCaller(mesh);
        var id = await FollowAsync(caller, new() { Terms = { "#t1" }, Days = new() { From = "2026-05-29" } });
        await UntilAsync(caller, [id], "2026-05-29");
        await caller.Arena.PauseCollectionAsync(new() { CollectionId = id }, caller.Key, cancellationToken: Token);
        var sent = Queries(sandbox).Count;

        clock.MoveTo(At(Today.AddDays(30)));
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System, Token);
        Queries(sandbox).Count.ShouldBe(sent);
        await caller.Arena.ResumeCollectionAsync(new() { CollectionId = id }, caller.Key, cancellationToken: Token);
        await UntilAsync(caller, [id], "2026-06-28");

        Queries(sandbox).Count.ShouldBe(sent + 1);
    }

    [Fact]
    public async Task Videos_that_come_late_are_found_when_the_week_has_settled()
    {
        var clock = new MovedTime(At(Today));
        await using var sandbox = await StartAsync(clock);
        for (var i = 0; i < 70; i++)
        {
            sandbox.World.Add(Video(9, new DateOnly(2026, 5, 22).AddDays(i % 8), 100 + i));
        }

        sandbox.World.Add(Video(9, new(2026, 5, 28), 200) with { IndexedAt = At(new(2026, 6, 3)) });
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(Options(folder, sandbox, clock), Token);
        using var caller = new MeshCaller(mesh);
        var id = await FollowAsync(caller, new() { Terms = { "#t9" }, Days = new() { From = "2026-05-22" } });
        await UntilAsync(caller, [id], "2026-05-29");
        (await StatusAsync(caller, id)).Records.New.ShouldBe(78);

        clock.MoveTo(At(Today.AddDays(13)));
        await UntilAsync(caller, [id], "2026-06-11");
        await UntilAsync(caller, id, status => status.Records.New == 78 + 13 + 1);

        (await StatusAsync(caller, id)).Days.Doubtful.ShouldBe(0);
    }

    [Fact]
    public async Task A_last_day_makes_it_finite_and_a_raised_limit_lets_a_collection_go_on()
    {
        var clock = new MovedTime(At(Today));
        await using var sandbox = await StartAsync(clock);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(Options(folder, sandbox, clock), Token);
        using var caller = new MeshCaller(mesh);
        var standing = await FollowAsync(caller, new() { Terms = { "#t1" }, Days = new() { From = "2026-05-29" } });
        await UntilAsync(caller, [standing], "2026-05-29");

        var early = await Should.ThrowAsync<RpcException>(async () => await UpdateAsync(caller, standing, new() { Days = new() { To = "2026-05-28" } }));
        early.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await UpdateAsync(caller, standing, new() { Days = new() { To = "2026-05-30" } })).State.ShouldBe(CollectionState.Running);
        clock.MoveTo(At(Today.AddDays(5)));
        var ended = await UntilAsync(caller, standing, status => status.State is CollectionState.Complete);
        (ended.Days.Complete, ended.Spec.Days.To).ShouldBe((2, "2026-05-30"));
        ended.Standing.ShouldBeNull();

        var limited = (await caller.Arena.SubmitCollectionAsync(new() { Spec = new() { Terms = { "#t2" }, Days = new() { From = "2026-02-01", To = "2026-05-01" }, MaxUnits = 2 } }, caller.Key, cancellationToken: Token)).Status.CollectionId;
        (await UntilAsync(caller, limited, status => status.State is CollectionState.CompleteWithGaps)).Requests.Sent.ShouldBe(2);
        var below = await Should.ThrowAsync<RpcException>(async () => await UpdateAsync(caller, limited, new() { MaxUnits = 1 }));
        below.Status.Detail.ShouldContain("must be at least 2");
        await UpdateAsync(caller, limited, new() { MaxUnits = 9 });
        (await UntilAsync(caller, limited, status => status.State is CollectionState.Complete)).Requests.Sent.ShouldBe(3);
        await Should.ThrowAsync<RpcException>(async () => await UpdateAsync(caller, "nobody", new() { MaxUnits = 9 }));
    }

    [Fact]
    public async Task An_api_that_answers_empty_leaves_days_in_doubt_and_one_that_only_hesitated_none()
    {
        var clock = new MovedTime(At(Today));
        await using var sandbox = await StartAsync(clock);
        for (var i = 0; i < 150; i++)
        {
            sandbox.World.Add(Video(7, new DateOnly(2026, 2, 1).AddDays(i % 75), 300 + i));
        }

        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(Options(folder, sandbox, clock), Token);
        using var caller = new MeshCaller(mesh);
        (await CollectAsync(caller, "2026-02-01", "2026-03-31")).Days.Doubtful.ShouldBe(0);
        var sent = Queries(sandbox).Count;

        sandbox.Script.Enqueue(SandboxMatch.FirstPage, Nothing);
        var hesitated = await CollectAsync(caller, "2026-04-01", "2026-04-07");
        (hesitated.Days.Complete, hesitated.Days.Doubtful, Queries(sandbox).Count - sent).ShouldBe((7, 0, 2));
        hesitated.Records.New.ShouldBe(14);

        sent = Queries(sandbox).Count;
        sandbox.Script.Enqueue(SandboxMatch.FirstPage, Nothing, Nothing);
        var silent = await CollectAsync(caller, "2026-04-08", "2026-04-14");
        (silent.Days.Complete, silent.Days.Doubtful, Queries(sandbox).Count - sent).ShouldBe((7, 7, 2));
        (await caller.Arena.GetCoverageAsync(new() { CollectionId = silent.CollectionId }, caller.Key, cancellationToken: Token)).Spans.ShouldHaveSingleItem().State.ShouldBe(CoverageState.Suspect);

        // Nobody posted anything after the middle of April: the day before answers, so the zero is true.
        sent = Queries(sandbox).Count;
        var empty = await CollectAsync(caller, "2026-04-17", "2026-04-26");
        (empty.Days.Doubtful, Queries(sandbox).Count - sent).ShouldBe((0, 2));
        var span = (await caller.Arena.GetCoverageAsync(new() { CollectionId = empty.CollectionId }, caller.Key, cancellationToken: Token)).Spans.ShouldHaveSingleItem();
        (span.State, span.Videos).ShouldBe((CoverageState.Empty, 0));

        async Task<CollectionStatus> CollectAsync(MeshCaller from, string first, string last)
        {
            var id = (await from.Arena.SubmitCollectionAsync(new() { Spec = new() { Terms = { "#t7" }, Days = new() { From = first, To = last } } }, from.Key, cancellationToken: Token)).Status.CollectionId;
            return await UntilAsync(from, id, status => status.State is CollectionState.Complete);
        }
    }

    private static SandboxReply Nothing => SandboxReply.Json("""{"data":{"videos":[],"cursor":0,"has_more":false},"error":{"code":"ok","message":"","log_id":"202606010000000000000000000000000"}}""");

    /// <summary>A world in which each of 60 hashtags has one video a day, in spring.</summary>
    private static async Task<SandboxServer> StartAsync(TimeProvider clock)
    {
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { EmptyWorld = true, Time = clock, Manners = SandboxManners.Polite }, Token);
        for (var day = new DateOnly(2026, 3, 20); day < new DateOnly(2026, 7, 10); day = day.AddDays(1))
        {
            foreach (var tag in new[] { 1, 9 })
            {
                sandbox.World.Add(Video(tag, day, tag));
            }
        }

        return sandbox;
    }

    private static SandboxVideo Video(int tag, DateOnly day, int number)
    {
        var uploaded = new DateTimeOffset(day.ToDateTime(new(9, 0)), TimeSpan.Zero).AddMinutes(number);
        return new()
        {
            Id = (uploaded.ToUnixTimeSeconds() << 32) + number,
            CreateTime = uploaded,
            Username = "opdigtet",
            Description = $"#t{tag.ToString(CultureInfo.InvariantCulture)}",
            HashtagNames = [$"t{tag.ToString(CultureInfo.InvariantCulture)}"],
            Counts = new(1, 1, 1, 1, 1),
        };
    }

    private static EmbeddedOptions Options(TemporaryFolder folder, SandboxServer sandbox, TimeProvider clock) =>
        MeshCaller.Options(folder, sandbox, clock, ("Collector:SweepSeconds", "1"));

    /// <summary>Without the weekly check of the local match, whose unit is not one of a day.</summary>
    private static EmbeddedOptions Unchecked(TemporaryFolder folder, SandboxServer sandbox, TimeProvider clock) =>
        MeshCaller.Options(folder, sandbox, clock, ("Collector:SweepSeconds", "1"), ("Collector:MatchCheckDays", "0"));

    private static async Task<string> FollowAsync(MeshCaller caller, CollectionSpec spec)
    {
        spec.Standing = true;
        return (await caller.Arena.SubmitCollectionAsync(new() { Spec = spec }, caller.Key, cancellationToken: Token)).Status.CollectionId;
    }

    private static async Task<CollectionStatus> UpdateAsync(MeshCaller caller, string id, CollectionSpec spec) =>
        (await caller.Arena.UpdateCollectionAsync(new() { CollectionId = id, Spec = spec }, caller.Key, cancellationToken: Token)).Status;

    private static async Task<CollectionStatus> StatusAsync(MeshCaller caller, string id) =>
        (await caller.Arena.GetCollectionAsync(new() { CollectionId = id }, caller.Key, cancellationToken: Token)).Status;

    private static async Task UntilAsync(MeshCaller caller, IEnumerable<string> ids, string upTo)
    {
        foreach (var id in ids)
        {
            await UntilAsync(caller, id, status => status.Standing?.UpTo == upTo && status.Days.Pending == 0);
        }
    }

    private static async Task<CollectionStatus> UntilAsync(MeshCaller caller, string id, Func<CollectionStatus, bool> condition)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limited.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            var status = await StatusAsync(caller, id);
            if (condition(status))
            {
                return status;
            }

            limited.IsCancellationRequested.ShouldBeFalse($"it stands at {status}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token);
        }
    }

    private static IReadOnlyList<SandboxRequest> Queries(SandboxServer sandbox) => sandbox.Log.Of(SandboxEndpoint.VideoQuery);

    private static DateTimeOffset At(DateOnly day) => new(day.ToDateTime(new(12, 0)), TimeSpan.Zero);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
