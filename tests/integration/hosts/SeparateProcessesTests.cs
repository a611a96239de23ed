using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Hosts;

/// <summary>A collector, a broker and a governor, each a process of its own.</summary>
public sealed class SeparateProcessesTests : IAsyncLifetime
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder folder = new();
    private SandboxServer sandbox = null!;
    private SharedSettings shared = null!;
    private ServiceProcess broker = null!;
    private ServiceProcess governor = null!;
    private ServiceProcess collector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Metadata AsService => shared.AsService;

    private Metadata AsCaller => new() { { "authorization", $"Bearer {shared.CallerKey}" } };

    public async ValueTask InitializeAsync()
    {
        sandbox = await SandboxServer.StartAsync(new SandboxOptions { EmptyWorld = true, Manners = SandboxManners.Polite }, Token);
        shared = new SharedSettings(folder, sandbox.Address);
        broker = Process("token-broker");
        governor = Process("quota-governor");
        collector = Process("collector");
    }

    public async ValueTask DisposeAsync()
    {
        await collector.DisposeAsync();
        await governor.DisposeAsync();
        await broker.DisposeAsync();
        await sandbox.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task The_shared_keys_open_both_ports_between_processes()
    {
        await StartAsync(broker, collector);
        using var channel = GrpcChannel.ForAddress(collector.Callers);
        var arena = new TikTokArena.TikTokArenaClient(channel);

        // Asks the broker whether there is a credential.
        var health = await arena.CheckHealthAsync(new(), AsCaller, cancellationToken: Token);
        var stranger = await Should.ThrowAsync<RpcException>(async () => await arena.CheckHealthAsync(new(), new Metadata { { "authorization", "Bearer 0123456789012345678901234567890123456789" } }, cancellationToken: Token));

        health.State.ShouldBe(HealthState.Ok);
        stranger.StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task A_process_with_another_key_is_refused()
    {
        collector.Environment["MESH_INTERNAL_KEY_FILE"] = shared.Keep("other.key", new string('x', 64));
        await StartAsync(broker, collector);
        using var channel = GrpcChannel.ForAddress(collector.Callers);

        var refused = await Should.ThrowAsync<RpcException>(async () => await new TikTokArena.TikTokArenaClient(channel).CheckHealthAsync(new(), AsCaller, cancellationToken: Token));

        // A defect of the mesh, of which the caller learns nothing.
        refused.StatusCode.ShouldBe(StatusCode.Internal);
        using var inside = GrpcChannel.ForAddress(broker.Internal);
        (await Should.ThrowAsync<RpcException>(async () => await new V1.TokenBroker.TokenBrokerClient(inside).ListCredentialsAsync(new(), SharedSettings.ServiceWith("wrong"), cancellationToken: Token))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task A_stop_while_an_answer_is_on_its_way_loses_neither_the_page_nor_its_unit()
    {
        for (var i = 0; i < 150; i++)
        {
            sandbox.World.Add(Mesh.MeshLab.Video(i));
        }

        sandbox.Script.Enqueue(SandboxMatch.FirstPage, SandboxReply.DelayThenNormal(TimeSpan.FromSeconds(3)));
        await StartAsync(broker, governor, collector);
        await SubmitAsync();
        await sandbox.Log.WaitUntilAsync(log => log.Any(request => request.Endpoint is SandboxEndpoint.VideoQuery), Token);

        var begun = TimeProvider.System.GetTimestamp();
        (await collector.StopAsync()).ShouldBe(0, collector.Log);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await collector.RestartAsync();
        await sandbox.Log.WaitUntilAsync(log => log.Any(request => request.Cursor > 0), Token);

        sandbox.Log.Of(SandboxEndpoint.VideoQuery).Select(request => request.Cursor ?? 0).ShouldBe([0, 100]);
        await UntilUsedAsync(2);
    }

    [Fact]
    public async Task A_failpoint_kills_at_the_hit_that_it_names_and_the_same_question_gets_its_answer_afterwards()
    {
        governor.Environment["MESH_FAILPOINTS"] = "governor.after_reserve=kill@2";
        await StartAsync(governor);
        var request = new ReserveQuotaRequest { Bucket = QuotaBucket.Research, Priority = Priority.Interactive, RequestId = Guid.NewGuid().ToString() };

        await ReserveAsync(new(request) { RequestId = Guid.NewGuid().ToString() });
        (await Should.ThrowAsync<RpcException>(() => ReserveAsync(request))).StatusCode.ShouldBe(StatusCode.Unavailable);

        // 128 + SIGKILL.
        (await governor.ExitAsync(LongestStart)).ShouldBe(137);
        governor.Environment.Remove("MESH_FAILPOINTS");
        await governor.RestartAsync();
        await governor.ReadyAsync(LongestStart, Token);
        await ReserveAsync(request);
    }

    [Fact]
    public async Task A_failpoint_pauses_until_somebody_lets_the_process_go_on()
    {
        governor.Environment["MESH_FAILPOINTS"] = "governor.before_reserve=pause@1";
        await StartAsync(governor);

        var reserving = ReserveAsync(new() { Bucket = QuotaBucket.Research, Priority = Priority.Interactive, RequestId = Guid.NewGuid().ToString() });
        while (await File.ReadAllTextAsync($"/proc/{governor.Id}/stat", Token) is var stat && !stat.Contains(") T ", StringComparison.Ordinal))
        {
            reserving.IsCompleted.ShouldBeFalse();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }

        reserving.IsCompleted.ShouldBeFalse();
        await governor.ContinueAsync();

        await reserving.WaitAsync(LongestStart, Token);
    }

    [Fact]
    public async Task A_failpoint_fails_a_call_and_the_next_one_works()
    {
        governor.Environment["MESH_FAILPOINTS"] = "governor.before_reserve=error@1";
        await StartAsync(governor);
        var request = new ReserveQuotaRequest { Bucket = QuotaBucket.Research, Priority = Priority.Interactive, RequestId = Guid.NewGuid().ToString() };

        (await Should.ThrowAsync<RpcException>(() => ReserveAsync(request))).StatusCode.ShouldBe(StatusCode.Internal);

        await ReserveAsync(request);
    }

    private static async Task StartAsync(params IEnumerable<ServiceProcess> processes)
    {
        foreach (var process in processes)
        {
            process.Start();
        }

        foreach (var process in processes)
        {
            await process.ReadyAsync(LongestStart, Token);
        }
    }

    private ServiceProcess Process(string service)
    {
        var process = new ServiceProcess(service, 0, folder.Path);
        foreach (var (name, value) in shared.Environment)
        {
            process.Environment[name] = value;
        }

        // The ones that do not run are asked for nothing that these tests wait for.
        process.Environment["Services__token-broker"] = broker?.Internal.ToString() ?? "http://127.0.0.1:9";
        process.Environment["Services__quota-governor"] = governor?.Internal.ToString() ?? "http://127.0.0.1:9";
        process.Environment["Services__normalizer"] = "http://127.0.0.1:9";
        return process;
    }

    private async Task SubmitAsync()
    {
        using var channel = GrpcChannel.ForAddress(collector.Callers);
        var spec = new CollectionSpec { Terms = { "#dkpol" }, Days = new() { From = "2026-01-01", To = "2026-01-31" } };
        await new TikTokArena.TikTokArenaClient(channel).SubmitCollectionAsync(new() { Spec = spec }, AsCaller, cancellationToken: Token);
    }

    private async Task ReserveAsync(ReserveQuotaRequest request)
    {
        using var channel = GrpcChannel.ForAddress(governor.Internal);
        var answer = await new V1.QuotaGovernor.QuotaGovernorClient(channel).ReserveQuotaAsync(request, AsService, cancellationToken: Token);
        answer.Grant.ShouldNotBeNull(answer.Refusal?.ToString());
    }

    private async Task UntilUsedAsync(int units)
    {
        using var channel = GrpcChannel.ForAddress(governor.Internal);
        var client = new V1.QuotaGovernor.QuotaGovernorClient(channel);
        QuotaStatus? quota = null;
        for (var begun = TimeProvider.System.GetTimestamp(); quota?.Used != units; await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token))
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(LongestStart, $"{quota}");
            quota = (await client.GetQuotaAsync(new(), AsService, cancellationToken: Token)).Quotas.First(each => each.Bucket is QuotaBucket.Research);
        }
    }
}
