using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using QuotaGovernorClient = IssueObservatory.Mesh.V1.QuotaGovernor.QuotaGovernorClient;
using RefreshSchedulerClient = IssueObservatory.Mesh.V1.RefreshScheduler.RefreshSchedulerClient;
using TokenBrokerClient = IssueObservatory.Mesh.V1.TokenBroker.TokenBrokerClient;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Port × key × access: who gets in.</summary>
public sealed class IdentityTests : IAsyncLifetime
{
    private readonly Behaviour behaviour = new();
    private DefaultsHost host = null!;

    public async ValueTask InitializeAsync() => host = await DefaultsHost.StartAsync(
        builder => builder.Services.AddSingleton(behaviour),
        app =>
        {
            app.MapGrpcService<FakeGovernor>();
            app.MapGrpcService<FakeBroker>();
            app.MapGrpcService<FakeScheduler>();
        });

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("ReserveQuota", null, StatusCode.PermissionDenied)]
    [InlineData("ReserveQuota", KnownCallers.Administrator, StatusCode.PermissionDenied)]
    [InlineData("ReserveQuota", KnownCallers.Collector, StatusCode.PermissionDenied)]
    [InlineData("GetQuota", null, StatusCode.Unauthenticated)]
    [InlineData("GetQuota", "", StatusCode.Unauthenticated)]
    [InlineData("GetQuota", "a-key-that-nobody-has", StatusCode.Unauthenticated)]
    [InlineData("GetQuota", KnownCallers.Reader, StatusCode.OK)]
    [InlineData("GetQuota", KnownCallers.Collector, StatusCode.OK)]
    [InlineData("GetQuota", KnownCallers.Administrator, StatusCode.PermissionDenied)]
    [InlineData("RunRefresh", null, StatusCode.Unauthenticated)]
    [InlineData("RunRefresh", KnownCallers.Reader, StatusCode.PermissionDenied)]
    [InlineData("RunRefresh", KnownCallers.Collector, StatusCode.OK)]
    [InlineData("RunRefresh", KnownCallers.Administrator, StatusCode.PermissionDenied)]
    [InlineData("ListCredentials", null, StatusCode.Unauthenticated)]
    [InlineData("ListCredentials", KnownCallers.Reader, StatusCode.PermissionDenied)]
    [InlineData("ListCredentials", KnownCallers.Collector, StatusCode.PermissionDenied)]
    [InlineData("ListCredentials", KnownCallers.Administrator, StatusCode.OK)]
    public async Task Callers_port_lets_in_by_key_and_right(string method, string? key, StatusCode expected)
    {
        var outcome = await CallAsync(host.Callers, method, key is null ? [] : DefaultsHost.AsCaller(key));

        outcome.ShouldBe(expected);
        (behaviour.Seen is not null).ShouldBe(expected is StatusCode.OK);
    }

    [Theory]
    [InlineData("ReserveQuota")]
    [InlineData("GetQuota")]
    [InlineData("RunRefresh")]
    [InlineData("ListCredentials")]
    public async Task Callers_port_does_not_believe_the_internal_key(string method)
    {
        (await CallAsync(host.Callers, method, host.AsService())).ShouldBeOneOf(StatusCode.PermissionDenied, StatusCode.Unauthenticated);
        behaviour.Seen.ShouldBeNull();
    }

    [Theory]
    [InlineData("ReserveQuota")]
    [InlineData("GetQuota")]
    [InlineData("RunRefresh")]
    [InlineData("ListCredentials")]
    public async Task Internal_port_lets_services_in_on_behalf_of_a_lab(string method)
    {
        (await CallAsync(host.Internal, method, host.AsService("lab-7"))).ShouldBe(StatusCode.OK);

        behaviour.Seen!.LabId.ShouldBe("lab-7");
        behaviour.Seen.IsMesh.ShouldBeTrue();
        Enum.GetValues<Right>().ShouldAllBe(right => behaviour.Seen.Has(right));
    }

    [Theory]
    [InlineData("ReserveQuota")]
    [InlineData("GetQuota")]
    public async Task Internal_port_refuses_a_wrong_key_a_callers_key_and_no_key(string method)
    {
        (await CallAsync(host.Internal, method, [])).ShouldBe(StatusCode.Unauthenticated);
        (await CallAsync(host.Internal, method, new Metadata { { "mesh-internal-key", host.InternalKey + "x" }, { "mesh-lab-id", "lab-1" } })).ShouldBe(StatusCode.Unauthenticated);
        (await CallAsync(host.Internal, method, DefaultsHost.AsCaller(KnownCallers.Collector))).ShouldBe(StatusCode.Unauthenticated);
        behaviour.Seen.ShouldBeNull();
    }

    [Fact]
    public async Task Internal_port_wants_to_know_the_lab() =>
        (await CallAsync(host.Internal, "GetQuota", new Metadata { { "mesh-internal-key", host.InternalKey } })).ShouldBe(StatusCode.InvalidArgument);

    [Fact]
    public async Task A_callers_lab_comes_from_its_key_and_not_from_a_header()
    {
        var headers = DefaultsHost.AsCaller(KnownCallers.Reader);
        headers.Add("mesh-lab-id", "lab-of-others");

        (await CallAsync(host.Callers, "GetQuota", headers)).ShouldBe(StatusCode.OK);

        behaviour.Seen!.LabId.ShouldBe("lab-1");
        behaviour.Seen.IsMesh.ShouldBeFalse();
        behaviour.Seen.Has(Right.Identify).ShouldBeFalse();
    }

    [Fact]
    public async Task A_refusal_names_its_reason_and_the_method()
    {
        var refused = await Should.ThrowAsync<RpcException>(async () => await new QuotaGovernorClient(host.Callers).ReserveQuotaAsync(new ReserveQuotaRequest(), DefaultsHost.AsCaller(KnownCallers.Collector)));

        var error = GrpcErrors.Read(refused);
        error.Reason.ShouldBe(ErrorReason.PermissionDenied);
        error.Metadata["method"].ShouldBe("issueobservatory.mesh.v1.QuotaGovernor/ReserveQuota");
    }

    [Fact]
    public void Every_method_of_the_mesh_says_who_may_call_it()
    {
        var descriptors = new GrpcDescriptors();
        var access = new GrpcAccess(descriptors);

        var methods = descriptors.Services.SelectMany(service => service.Methods).Select(method => $"/{method.Service.FullName}/{method.Name}").ToList();

        methods.Count.ShouldBeGreaterThan(30);
        methods.ShouldAllBe(method => access.Of(method) != Access.Unspecified);
        methods.Where(method => access.Of(method) == Access.Public).ShouldAllBe(method => method.StartsWith("/grpc."));
        access.Of("/issueobservatory.mesh.v1.QuotaGovernor/ReserveQuota").ShouldBe(Access.Mesh);
        access.Of("/issueobservatory.mesh.v1.TokenBroker/GetAccessToken").ShouldBe(Access.Mesh);
        access.Of("/issueobservatory.mesh.v1.QuotaGovernor/NoSuchMethod").ShouldBe(Access.Unspecified);
    }

    private static async Task<StatusCode> CallAsync(ChannelBase channel, string method, Metadata headers)
    {
        try
        {
            switch (method)
            {
                case "ReserveQuota":
                    await new QuotaGovernorClient(channel).ReserveQuotaAsync(new ReserveQuotaRequest(), headers);
                    break;
                case "GetQuota":
                    await new QuotaGovernorClient(channel).GetQuotaAsync(new GetQuotaRequest(), headers);
                    break;
                case "RunRefresh":
                    await new RefreshSchedulerClient(channel).RunRefreshAsync(new RunRefreshRequest(), headers);
                    break;
                default:
                    await new TokenBrokerClient(channel).ListCredentialsAsync(new ListCredentialsRequest(), headers);
                    break;
            }

            return StatusCode.OK;
        }
        catch (RpcException refused)
        {
            return refused.StatusCode;
        }
    }
}
