using System.Globalization;
using System.Text;
using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Embedded;

/// <summary>Batch compliance against the sandbox: what it does not show any more is named, and only that.</summary>
public sealed class VerifyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_deleted_is_named_and_missing_once_and_what_is_there_is_verified_without_being_read()
    {
        await using var lab = await Lab.StartAsync();
        string[] gone = [lab.DeleteVideo(3), lab.DeleteVideo(17), lab.DeleteComment(2)];

        var (begun, checks) = await lab.VerifyAsync(new());

        (begun.Videos, begun.Comments, begun.Batches, begun.LikelyUnits, begun.LeftOut).ShouldBe((Lab.Videos, Lab.Comments, 2, 6, 0));
        checks.ShouldAllBe(check => check.State == CheckState.Answered && check.Failure == "");
        checks.Sum(check => check.Alive).ShouldBe(Lab.Videos + Lab.Comments - gone.Length);
        checks.SelectMany(check => check.Missing).ShouldBe(gone, ignoreOrder: true);
        var missing = (await lab.Scheduler.ListMissingItemsAsync(new(), lab.Caller.Key, cancellationToken: Token)).Items;
        missing.Select(item => item.PlatformId).ShouldBe(gone, ignoreOrder: true);
        missing.ShouldAllBe(item => item.MissedAt == item.LookedAt);
        var status = await lab.StatusAsync();
        (status.Scheduled, status.Comments, status.Missing, status.InFlight).ShouldBe((Lab.Videos, Lab.Comments, 3, 0));

        // Three requests for each batch, perhaps one more look at its state; none of them is a page for the normalizer.
        lab.Sent(SandboxEndpoint.ComplianceCreate).ShouldBe(2);
        lab.Sent(SandboxEndpoint.ComplianceDownload).ShouldBe(2);
        lab.Sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count.ShouldBe(lab.QueriesBefore);

        // Within a day nothing is asked again.
        var again = await lab.Scheduler.VerifyRecordsAsync(new() { DryRun = true }, lab.Caller.Key, cancellationToken: Token);
        (again.Batches, again.LeftOut).ShouldBe((0, Lab.Videos + Lab.Comments));
    }

    [Fact]
    public async Task A_collection_is_checked_alone_and_one_that_is_not_there_is_refused()
    {
        await using var lab = await Lab.StartAsync();

        var cost = await lab.Scheduler.VerifyRecordsAsync(new() { CollectionId = lab.OfComments, DryRun = true }, lab.Caller.Key, cancellationToken: Token);
        (cost.Videos, cost.Comments, cost.Batches).ShouldBe((0, Lab.Comments, 1));
        (await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await lab.Scheduler.VerifyRecordsAsync(new() { CollectionId = "nothing" }, lab.Caller.Key, cancellationToken: Token)))
            .StatusCode.ShouldBe(Grpc.Core.StatusCode.NotFound);
        lab.Sent(SandboxEndpoint.ComplianceCreate).ShouldBe(0);
    }

    [Fact]
    public async Task A_scope_that_is_missing_is_said_plainly_and_costs_one_unit()
    {
        await using var lab = await Lab.StartAsync();
        lab.Sandbox.Faults = new() { ScopeNotAuthorized = [SandboxEndpoint.ComplianceCreate] };

        var (begun, checks) = await lab.VerifyAsync(new());

        begun.Batches.ShouldBe(2);
        checks.ShouldAllBe(check => check.State == CheckState.Unanswered && check.Failure == "scope_not_authorized" && check.Missing.Count == 0);
        (await lab.StatusAsync()).Missing.ShouldBe(0);
        lab.Sent(SandboxEndpoint.ComplianceCreate).ShouldBe(1);
    }

    [Fact]
    public async Task A_task_that_fails_concludes_nothing()
    {
        await using var lab = await Lab.StartAsync();
        lab.DeleteVideo(3);
        lab.Sandbox.Faults = new() { ComplianceFails = true };

        await ConcludesNothingAsync(lab, "task_failed");

        lab.Sent(SandboxEndpoint.ComplianceCreate).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_is_no_list_of_ids_concludes_nothing_and_is_not_asked_for_for_ever()
    {
        await using var lab = await Lab.StartAsync();
        lab.DeleteVideo(3);
        for (var i = 0; i < 9; i++)
        {
            lab.Sandbox.Script.Enqueue(new SandboxMatch(SandboxEndpoint.ComplianceDownload), SandboxReply.Bytes(200, Encoding.UTF8.GetBytes("7000000000000000001\nand more\n")));
        }

        await ConcludesNothingAsync(lab, "broken_file");

        lab.Sent(SandboxEndpoint.ComplianceDownload).ShouldBe(5);
    }

    private static async Task ConcludesNothingAsync(Lab lab, string reason)
    {
        var (_, checks) = await lab.VerifyAsync(new() { CollectionId = lab.OfVideos });

        var check = checks.ShouldHaveSingleItem();
        (check.State, check.Failure, check.Alive, check.Missing.Count).ShouldBe((CheckState.Unanswered, reason, 0, 0));
        var status = await lab.StatusAsync();
        (status.Missing, status.InFlight).ShouldBe((0, 0));
    }

    /// <summary>A mesh that has collected videos of January and the comments of one, two days ago.</summary>
    private sealed class Lab : IAsyncDisposable
    {
        public const int Videos = 40;
        public const int Comments = 6;

        private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        private readonly TemporaryFolder folder;
        private readonly MovedTime clock;
        private readonly EmbeddedMesh mesh;

        private Lab(SandboxServer sandbox, EmbeddedMesh mesh, MovedTime clock, TemporaryFolder folder)
        {
            (Sandbox, this.mesh, this.clock, this.folder) = (sandbox, mesh, clock, folder);
            Caller = new(mesh);
            Scheduler = new(Caller.Channel);
        }

        public SandboxServer Sandbox { get; }

        public MeshCaller Caller { get; }

        public V1.RefreshScheduler.RefreshSchedulerClient Scheduler { get; }

        public string OfVideos { get; private set; } = "";

        public string OfComments { get; private set; } = "";

        public int QueriesBefore { get; private set; }

        public static async Task<Lab> StartAsync()
        {
            var time = new MovedTime(Start);
            var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Manners = SandboxManners.Polite, EmptyWorld = true, Time = time }, Token);
            for (var i = 0; i < Videos; i++)
            {
                sandbox.World.Add(MeshLab.Video(i));
            }

            for (var k = 0; k < Comments; k++)
            {
                sandbox.World.Add(Comment(k));
            }

            var data = new TemporaryFolder();
            var lab = new Lab(sandbox, await EmbeddedMesh.StartAsync(MeshCaller.Options(data, sandbox, time, ("Collector:CompliancePollSeconds", "0.3")), Token), time, data);
            lab.OfVideos = await lab.Caller.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token);
            await lab.EndAsync(lab.OfVideos);
            lab.OfComments = (await lab.Caller.Arena.SubmitCollectionAsync(
                new() { Spec = new() { List = ApiEndpoint.Comments, Subjects = { Text(MeshLab.Video(0).Id) } } }, lab.Caller.Key, cancellationToken: Token)).Status.CollectionId;
            await lab.EndAsync(lab.OfComments);
            lab.QueriesBefore = sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count;
            time.MoveTo(Start.AddDays(2));
            return lab;
        }

        public int Sent(SandboxEndpoint endpoint) => Sandbox.Log.Of(endpoint).Count;

        public string DeleteVideo(int i)
        {
            Sandbox.World.Add(MeshLab.Video(i) with { GoneAt = Start.AddDays(1) });
            return Text(MeshLab.Video(i).Id);
        }

        public string DeleteComment(int k)
        {
            Sandbox.World.Add(Comment(k) with { GoneAt = Start.AddDays(1) });
            return Text(Comment(k).Id);
        }

        public async Task<GetRefreshStatusResponse> StatusAsync() => await Scheduler.GetRefreshStatusAsync(new(), Caller.Key, cancellationToken: Token);

        /// <summary>Begins a check, lets TikTok's tasks have the time that they take, and waits until all have ended.</summary>
        public async Task<(VerifyRecordsResponse Begun, IReadOnlyList<Check> Checks)> VerifyAsync(VerifyRecordsRequest request)
        {
            var begun = await Scheduler.VerifyRecordsAsync(request, Caller.Key, cancellationToken: Token);
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(Token);
            limited.CancelAfter(TimeSpan.FromSeconds(90));
            for (var created = 0; ;)
            {
                if (Sent(SandboxEndpoint.ComplianceCreate) is var sent && sent > created)
                {
                    created = sent;
                    clock.MoveTo(clock.GetUtcNow().AddMinutes(2));
                }

                var checks = (await Scheduler.GetChecksAsync(new() { CheckIds = { begun.CheckIds } }, Caller.Key, cancellationToken: limited.Token)).Checks;
                if (checks.All(check => check.State is not CheckState.Open) && (await StatusAsync()).InFlight == 0)
                {
                    return (begun, checks);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limited.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            Caller.Dispose();
            await mesh.DisposeAsync();
            await Sandbox.DisposeAsync();
            folder.Dispose();
        }

        private Task<CollectionStatus> EndAsync(string collectionId) => Caller.UntilAsync(collectionId, status => status.State is CollectionState.Complete, Token);

        private static SandboxComment Comment(int k) => new()
        {
            Id = ((MeshLab.Video(0).CreateTime.ToUnixTimeSeconds() + k) << 32) + 500,
            VideoId = MeshLab.Video(0).Id,
            ParentId = MeshLab.Video(0).Id,
            Text = $"Kommentar {k}",
        };

        private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
    }
}
