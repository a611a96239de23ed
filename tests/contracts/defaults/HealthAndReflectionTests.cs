using Google.Protobuf.Reflection;
using Grpc.Core;
using IssueObservatory.Mesh.Health.V1;
using IssueObservatory.Mesh.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Health.V1.HealthCheckResponse.Types;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>The two standard protocols, on the callers' port without any key.</summary>
public sealed class HealthAndReflectionTests : IAsyncLifetime
{
    private const string Governor = "issueobservatory.mesh.v1.QuotaGovernor";

    private DefaultsHost host = null!;
    private bool storeIsThere = true;
    private bool storeThrows;

    private Health.V1.Health.HealthClient Health => new(host.Callers);

    public async ValueTask InitializeAsync() => host = await DefaultsHost.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton(new Behaviour());
            builder.Services.AddHealthChecks().AddCheck("store", () => storeThrows ? throw new InvalidOperationException("canary") : storeIsThere ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("MongoDB cannot be reached – quota."), ["quota-governor"]);
        },
        app => app.MapGrpcService<FakeGovernor>(),
        services: ["quota-governor", "collector"]);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData(Governor)]
    [InlineData("quota-governor")]
    [InlineData("collector")]
    public async Task A_host_that_started_serves(string service) => (await CheckAsync(service)).ShouldBe(ServingStatus.Serving);

    [Fact]
    public async Task A_failing_check_concerns_the_host_and_its_own_service_only()
    {
        storeIsThere = false;

        (await CheckAsync("")).ShouldBe(ServingStatus.NotServing);
        (await CheckAsync("quota-governor")).ShouldBe(ServingStatus.NotServing);
        (await CheckAsync("collector")).ShouldBe(ServingStatus.Serving);
    }

    [Fact]
    public async Task What_is_missing_stands_in_the_trailer()
    {
        (await MissingAsync("quota-governor")).ShouldBeNull();
        storeIsThere = false;

        (await MissingAsync("")).ShouldBe("MongoDB cannot be reached ? quota");
        (await MissingAsync("quota-governor")).ShouldBe("MongoDB cannot be reached ? quota");
        (await MissingAsync("collector")).ShouldBeNull();
    }

    [Fact]
    public async Task The_log_tells_each_change_once_whether_anybody_asks_or_not()
    {
        await UntilLoggedAsync("host is ready.", 1);
        storeIsThere = false;
        await UntilLoggedAsync("host is not ready: MongoDB cannot be reached – quota.", 1);
        await CheckAsync("");
        await CheckAsync("quota-governor");
        storeIsThere = true;
        await UntilLoggedAsync("host is ready.", 2);

        host.Logs.All.Count(record => record.Text.StartsWith("host is not ready", StringComparison.Ordinal)).ShouldBe(1);
        host.Logs.All.ShouldContain(record => record.Level == LogLevel.Warning && record.Text.StartsWith("host is not ready", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_check_that_throws_is_missing_without_the_words_of_its_exception()
    {
        storeThrows = true;

        (await CheckAsync("quota-governor")).ShouldBe(ServingStatus.NotServing);
        (await MissingAsync("quota-governor")).ShouldBe("The check \"store\" failed");
        host.Logs.All.ShouldNotContain(record => record.Text.Contains("canary"));
    }

    [Fact]
    public async Task An_unknown_service_is_not_found_and_watched_as_unknown()
    {
        var missing = await Should.ThrowAsync<RpcException>(() => CheckAsync("issueobservatory.mesh.v1.Nothing"));
        using var watch = Health.Watch(new HealthCheckRequest { Service = "issueobservatory.mesh.v1.Nothing" });

        missing.StatusCode.ShouldBe(StatusCode.NotFound);
        (await watch.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        watch.ResponseStream.Current.Status.ShouldBe(ServingStatus.ServiceUnknown);
    }

    [Fact]
    public async Task A_watch_tells_every_change()
    {
        using var watch = Health.Watch(new HealthCheckRequest());
        await watch.ResponseStream.MoveNext(CancellationToken.None);
        var before = watch.ResponseStream.Current.Status;
        storeIsThere = false;
        await watch.ResponseStream.MoveNext(CancellationToken.None);

        before.ShouldBe(ServingStatus.Serving);
        watch.ResponseStream.Current.Status.ShouldBe(ServingStatus.NotServing);
    }

    [Fact]
    public async Task An_open_watch_ends_when_the_host_stops_and_does_not_hold_it_up()
    {
        using var watch = Health.Watch(new HealthCheckRequest());
        await watch.ResponseStream.MoveNext(CancellationToken.None);
        var begun = TimeProvider.System.GetTimestamp();

        await host.App.StopAsync();

        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(4));
        (await Should.ThrowAsync<RpcException>(async () => await watch.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Reflection_lists_what_is_served_and_nothing_else()
    {
        var answer = await AskAsync(new ServerReflectionRequest { Host = "h", ListServices = "*" });

        answer.ValidHost.ShouldBe("h");
        answer.ListServicesResponse.Service.Select(service => service.Name).ShouldBe(["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "issueobservatory.mesh.v1.EventQueues", Governor]);
    }

    [Theory]
    [InlineData(Governor)]
    [InlineData(Governor + ".ReserveQuota")]
    [InlineData("issueobservatory.mesh.v1.ReserveQuotaRequest")]
    public async Task Reflection_gives_the_file_of_a_symbol_with_all_its_imports(string symbol)
    {
        var answer = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol });

        var files = answer.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom).ToList();
        files[0].Name.ShouldBe("issueobservatory/mesh/v1/quota_governor.proto");
        files.SelectMany(file => file.Dependency).ShouldAllBe(import => files.Any(file => file.Name == import));
    }

    [Fact]
    public async Task Reflection_gives_files_by_name_and_extensions_by_number()
    {
        const string access = "issueobservatory/mesh/v1/access.proto";

        var byName = await AskAsync(new ServerReflectionRequest { FileByFilename = access });
        var byExtension = await AskAsync(new ServerReflectionRequest { FileContainingExtension = new ExtensionRequest { ContainingType = "google.protobuf.MethodOptions", ExtensionNumber = 50001 } });
        var numbers = await AskAsync(new ServerReflectionRequest { AllExtensionNumbersOfType = "google.protobuf.MethodOptions" });

        FileDescriptorProto.Parser.ParseFrom(byName.FileDescriptorResponse.FileDescriptorProto[0]).Name.ShouldBe(access);
        FileDescriptorProto.Parser.ParseFrom(byExtension.FileDescriptorResponse.FileDescriptorProto[0]).Name.ShouldBe(access);
        numbers.AllExtensionNumbersResponse.ExtensionNumber.ShouldContain(50001);
    }

    [Fact]
    public async Task Reflection_says_what_it_does_not_know()
    {
        (await AskAsync(new ServerReflectionRequest { FileByFilename = "nothing.proto" })).ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.NotFound);
        (await AskAsync(new ServerReflectionRequest { FileContainingSymbol = "no.Thing" })).ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.NotFound);
        (await AskAsync(new ServerReflectionRequest { AllExtensionNumbersOfType = "no.Thing" })).ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.NotFound);
        (await AskAsync(new ServerReflectionRequest())).ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.InvalidArgument);
    }

    private async Task<ServingStatus> CheckAsync(string service) => (await Health.CheckAsync(new HealthCheckRequest { Service = service })).Status;

    private async Task<string?> MissingAsync(string service)
    {
        using var call = Health.CheckAsync(new HealthCheckRequest { Service = service });
        await call;
        return call.GetTrailers().GetValue("mesh-missing");
    }

    private async Task UntilLoggedAsync(string line, int times)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (host.Logs.All.Count(record => record.Text == line) < times)
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(20), line);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest question)
    {
        using var call = new ServerReflection.ServerReflectionClient(host.Callers).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(question);
        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        await call.RequestStream.CompleteAsync();
        return call.ResponseStream.Current;
    }
}
