using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IssueObservatory.Mesh.Bench;

/// <summary>A grant's whole life as the collector asks for it (three calls through gRPC to a governor of its own) beside the same three calls of its store.</summary>
internal sealed class GrantCallBench : IBench
{
    private const int Rounds = 15;
    private const int Grants = 300;

    private static readonly QuotaKey Key = new("default", "default", QuotaBucket.Research);

    public string Name => "grant-call";

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var workplace = new Workplace();
        var options = new QuotaGovernorOptions { DailyRequests = 1_000_000, RequestsPerSecond = 0 };
        using var store = new SqliteQuotaStore(SqliteFile.Open(workplace.PathOf("bare.db"), QuotaRows.Schema), options, new StandingClock());
        await using var host = Build(workplace.Path, options);
        await host.StartAsync(cancellationToken);
        using var channel = GrpcChannel.ForAddress(host.Services.GetRequiredService<MeshListeners>().Internal);
        var client = new V1.QuotaGovernor.QuotaGovernorClient(channel);
        var headers = GrpcLab.For(Key.LabId);
        headers.Add(GrpcLab.KeyHeader, host.Services.GetRequiredService<InternalKey>().Key.Reveal());
        var (oursIds, bareIds) = (new Random(1), new Random(1));
        yield return await Race.RunAsync(
            "reserve + SENT + settle by gRPC; bare: the store",
            "grants/s",
            Rounds,
            token => Lap.OfAsync(Grants, () => CallAsync(client, headers, oursIds, token)),
            token => Lap.OfAsync(Grants, () => SpendAsync(store, bareIds, token)),
            cancellationToken);
        await host.StopAsync(cancellationToken);
    }

    private static WebApplication Build(string folder, QuotaGovernorOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "bench" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Mesh:DataFolder"] = folder,
            ["QUOTA_DAILY_REQUESTS"] = $"{options.DailyRequests}",
            ["QuotaGovernor:RequestsPerSecond"] = "0",
        });
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(new StandingClock());
        builder.AddMeshDefaults("bench", ["quota-governor"]);
        builder.AddQuotaGovernor();
        var host = builder.Build();
        host.MapMeshDefaults();
        host.MapQuotaGovernor();
        return host;
    }

    private static async Task CallAsync(V1.QuotaGovernor.QuotaGovernorClient client, Metadata headers, Random random, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Grants; i++)
        {
            var id = NextId(random);
            var reply = await client.ReserveQuotaAsync(
                new() { Bucket = Key.Bucket, Priority = Priority.Interactive, RequestId = id.ToString() }, headers, cancellationToken: cancellationToken);
            foreach (var outcome in new[] { GrantOutcome.Sent, GrantOutcome.Answered })
            {
                await client.SettleQuotaAsync(new() { GrantId = reply.Grant.GrantId, Outcome = outcome }, headers, cancellationToken: cancellationToken);
            }
        }
    }

    private static async Task SpendAsync(SqliteQuotaStore store, Random random, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Grants; i++)
        {
            var id = NextId(random).ToString("N");
            if (await store.ReserveAsync(new(Key, Priority.Interactive, id), cancellationToken) is not ReserveResult.Granted
                || await store.SettleAsync(Key.LabId, id, GrantOutcome.Sent, cancellationToken) is not SettleResult.Settled
                || await store.SettleAsync(Key.LabId, id, GrantOutcome.Answered, cancellationToken) is not SettleResult.Settled)
            {
                throw new InvalidOperationException("The governor refused what it should grant.");
            }
        }
    }

    private static Guid NextId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }
}
