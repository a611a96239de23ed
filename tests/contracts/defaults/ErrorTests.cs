using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;
using QuotaGovernorClient = IssueObservatory.Mesh.V1.QuotaGovernor.QuotaGovernorClient;
using TokenBrokerClient = IssueObservatory.Mesh.V1.TokenBroker.TokenBrokerClient;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>What an error of ours looks like from outside, and how it comes back through a client of ours.</summary>
public sealed class ErrorTests : IAsyncLifetime
{
    private const string Canary = "canary-that-nobody-may-see";

    private readonly Behaviour behaviour = new();
    private DefaultsHost host = null!;

    private QuotaGovernorClient Outside => new(host.Callers);

    private QuotaGovernorClient Inside => host.Services.GetRequiredService<QuotaGovernorClient>();

    public async ValueTask InitializeAsync() => host = await DefaultsHost.StartAsync(
        builder => builder.Services.AddSingleton(behaviour).AddMeshClient<QuotaGovernorClient>("quota-governor"),
        app => app.MapGrpcService<FakeGovernor>(),
        services: "quota-governor");

    public ValueTask DisposeAsync() => host.DisposeAsync();

    public static TheoryData<ErrorReason, StatusCode, string> Table => new()
    {
        { ErrorReason.BadInput, StatusCode.InvalidArgument, "BAD_INPUT" },
        { ErrorReason.NotFound, StatusCode.NotFound, "NOT_FOUND" },
        { ErrorReason.RequestIdReused, StatusCode.AlreadyExists, "REQUEST_ID_REUSED" },
        { ErrorReason.NoCredential, StatusCode.FailedPrecondition, "NO_CREDENTIAL" },
        { ErrorReason.CredentialRejected, StatusCode.FailedPrecondition, "CREDENTIAL_REJECTED" },
        { ErrorReason.StateForbids, StatusCode.FailedPrecondition, "STATE_FORBIDS" },
        { ErrorReason.ForecastExceeded, StatusCode.FailedPrecondition, "FORECAST_EXCEEDED" },
        { ErrorReason.TierUnavailable, StatusCode.FailedPrecondition, "TIER_UNAVAILABLE" },
        { ErrorReason.QuotaExhausted, StatusCode.ResourceExhausted, "QUOTA_EXHAUSTED" },
        { ErrorReason.Unauthenticated, StatusCode.Unauthenticated, "UNAUTHENTICATED" },
        { ErrorReason.PermissionDenied, StatusCode.PermissionDenied, "PERMISSION_DENIED" },
        { ErrorReason.Unavailable, StatusCode.Unavailable, "UNAVAILABLE" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task An_error_of_ours_becomes_its_status_with_reason_and_metadata(ErrorReason reason, StatusCode code, string name)
    {
        behaviour.OnCall = _ => throw new MeshException(reason, "What is wrong.") { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["log_id"] = "2026ABC" } };

        var failed = await FailAsync();

        failed.StatusCode.ShouldBe(code);
        failed.Status.Detail.ShouldBe("What is wrong.");
        var status = Details(failed);
        status.Code.ShouldBe((int)code);
        var info = status.Details[0].Unpack<ErrorInfo>();
        info.Domain.ShouldBe("mesh.issueobservatory");
        info.Metadata["log_id"].ShouldBe("2026ABC");

        // Field 1, text: what every other language reads as ErrorInfo.reason.
        var bytes = info.ToByteArray();
        bytes[0].ShouldBe((byte)0x0A);
        System.Text.Encoding.ASCII.GetString(bytes, 2, bytes[1]).ShouldBe(name);
    }

    [Fact]
    public void Every_reason_has_its_row_in_the_table() =>
        Enum.GetValues<ErrorReason>().Except([ErrorReason.Unspecified, ErrorReason.Internal]).ShouldBe(Table.Select(row => row.Data.Item1), ignoreOrder: true);

    [Fact]
    public async Task Bad_input_names_every_field()
    {
        behaviour.OnCall = _ => throw MeshException.BadInput([new("from", "from must be a day."), new("to", "to must not be before from.")]);

        var request = Details(await FailAsync()).Details[1].Unpack<BadRequest>();

        request.FieldViolations.Select(violation => (violation.Field, violation.Description)).ShouldBe([("from", "from must be a day."), ("to", "to must not be before from.")]);
    }

    [Fact]
    public async Task A_spent_quota_says_when_to_come_back()
    {
        behaviour.OnCall = _ => throw new MeshException(ErrorReason.QuotaExhausted, "1,000 of 1,000 requests are spent.") { RetryAfter = TimeSpan.FromMinutes(90) };

        var details = Details(await FailAsync()).Details;

        details[1].Unpack<QuotaFailure>().Violations.Single().Description.ShouldBe("1,000 of 1,000 requests are spent.");
        details[2].Unpack<RetryInfo>().RetryDelay.Seconds.ShouldBe(5400);
    }

    [Fact]
    public async Task A_thousand_violations_still_fit_into_the_trailers()
    {
        behaviour.OnCall = _ => throw MeshException.BadInput([.. Enumerable.Range(0, 1000).Select(at => new FieldViolation($"clauses[{at}]", new string('x', 200)))]);

        var failed = await FailAsync();

        failed.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        GrpcErrors.Read(failed).Violations.Count.ShouldBe(20);
    }

    [Fact]
    public async Task A_defect_tells_the_caller_nothing_and_the_log_its_type_once()
    {
        behaviour.OnCall = _ => throw new InvalidOperationException(Canary, new FormatException(Canary));

        var failed = await FailAsync();

        failed.StatusCode.ShouldBe(StatusCode.Internal);
        failed.ToString().ShouldNotContain(Canary);
        Details(failed).ToString().ShouldNotContain(Canary);
        host.Logs.All.ShouldAllBe(record => !record.Text.Contains(Canary));
        host.Logs.All.Where(record => record.Level >= LogLevel.Warning).ShouldHaveSingleItem().Text.ShouldContain("InvalidOperationException from FormatException");
    }

    [Fact]
    public async Task A_status_that_a_handler_throws_by_itself_is_a_defect_too()
    {
        behaviour.OnCall = _ => throw new RpcException(new Grpc.Core.Status(StatusCode.DataLoss, Canary));

        (await FailAsync()).StatusCode.ShouldBe(StatusCode.Internal);
    }

    [Fact]
    public async Task A_clients_deadline_and_its_cancellation_are_told_apart()
    {
        behaviour.OnCall = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var late = await Should.ThrowAsync<RpcException>(async () => await Outside.GetQuotaAsync(new GetQuotaRequest(), DefaultsHost.AsCaller(KnownCallers.Reader), TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200)));
        var left = await Should.ThrowAsync<RpcException>(async () => await Outside.GetQuotaAsync(new GetQuotaRequest(), DefaultsHost.AsCaller(KnownCallers.Reader), cancellationToken: leaving.Token));

        late.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        left.StatusCode.ShouldBe(StatusCode.Cancelled);
        host.Logs.All.ShouldAllBe(record => record.Level < LogLevel.Warning);
    }

    [Fact]
    public async Task Our_client_gives_the_error_back_as_it_was_thrown()
    {
        behaviour.OnCall = _ => throw new MeshException(ErrorReason.QuotaExhausted, "Spent.") { RetryAfter = TimeSpan.FromSeconds(7), Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["account"] = "a1" } };

        var error = await Should.ThrowAsync<MeshException>(async () => await Inside.ReserveQuotaAsync(new ReserveQuotaRequest(), GrpcLab.For("lab-1")));

        error.Reason.ShouldBe(ErrorReason.QuotaExhausted);
        error.Message.ShouldBe("Spent.");
        error.RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
        error.Metadata["account"].ShouldBe("a1");
    }

    [Fact]
    public async Task Our_client_gives_the_error_of_a_stream_back_as_well()
    {
        behaviour.OnCall = _ => throw MeshException.BadInput("account", "account is unknown.");
        using var call = Inside.WatchQuota(new WatchQuotaRequest(), GrpcLab.For("lab-1"));

        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        var error = await Should.ThrowAsync<MeshException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("account");
    }

    [Fact]
    public async Task Our_clients_own_cancellation_is_a_cancellation()
    {
        behaviour.OnCall = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        var cancelled = await Should.ThrowAsync<OperationCanceledException>(async () => await Inside.GetQuotaAsync(new GetQuotaRequest(), GrpcLab.For("lab-1"), cancellationToken: leaving.Token));

        cancelled.CancellationToken.ShouldBe(leaving.Token);
    }

    [Fact]
    public async Task An_error_two_services_away_reaches_the_caller_and_a_refused_key_of_ours_does_not()
    {
        behaviour.OnCall = async context =>
        {
            if (!context.Identity().IsMesh)
            {
                await Inside.ReserveQuotaAsync(new ReserveQuotaRequest(), GrpcLab.For(context.Identity().LabId), cancellationToken: context.CancellationToken);
            }

            throw new MeshException(behind, "Behind.");
        };

        behind = ErrorReason.NoCredential;
        (await FailAsync()).StatusCode.ShouldBe(StatusCode.FailedPrecondition);

        behind = ErrorReason.Unauthenticated;
        (await FailAsync()).StatusCode.ShouldBe(StatusCode.Internal);
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_is_unavailable()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Services:token-broker"] = "http://127.0.0.1:1" };
        await using var lonely = await DefaultsHost.StartAsync(builder => builder.Services.AddMeshClient<TokenBrokerClient>("token-broker"), settings: settings);

        var error = await Should.ThrowAsync<MeshException>(async () => await lonely.Services.GetRequiredService<TokenBrokerClient>().ListCredentialsAsync(new ListCredentialsRequest(), GrpcLab.For("lab-1")));

        error.Reason.ShouldBe(ErrorReason.Unavailable);
        error.Message.ShouldContain("token-broker");
    }

    private ErrorReason behind;

    private static Google.Rpc.Status Details(RpcException failed) => Google.Rpc.Status.Parser.ParseFrom(failed.Trailers.GetValueBytes("grpc-status-details-bin"));

    private Task<RpcException> FailAsync() => Should.ThrowAsync<RpcException>(async () => await Outside.GetQuotaAsync(new GetQuotaRequest(), DefaultsHost.AsCaller(KnownCallers.Reader)));
}
