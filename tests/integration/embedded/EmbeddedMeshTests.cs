using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Health.V1;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using TokenBrokerClient = IssueObservatory.Mesh.V1.TokenBroker.TokenBrokerClient;

namespace IssueObservatory.Mesh.Integration.Embedded;

/// <summary>All services in one process, as the command starts them.</summary>
public sealed class EmbeddedMeshTests : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("mesh-embedded-").FullName;

    private string Folder => Path.Combine(parent, "data");

    public void Dispose() => Directory.Delete(parent, recursive: true);

    [Fact]
    public async Task It_starts_serves_is_found_by_others_and_stops()
    {
        var mesh = await StartAsync();
        await using (mesh)
        {
            using var channel = GrpcChannel.ForAddress(mesh.Address);
            foreach (var service in new[] { "", "token-broker", "quota-governor", "collector", "normalizer", "refresh-scheduler" })
            {
                (await new Health.V1.Health.HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = service })).Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving, service);
            }

            mesh.Address.Host.ShouldBe("127.0.0.1");
            FolderClaim.TryAttach(Folder).ShouldBe(new HostAddress(mesh.Address, mesh.Key));
        }

        FolderClaim.TryAttach(Folder).ShouldBeNull();
        await mesh.StopAsync();
        await using var again = await StartAsync();
        again.Key.ShouldNotBe(mesh.Key);
    }

    [Fact]
    public async Task A_second_host_for_the_same_folder_is_refused()
    {
        await using var mesh = await StartAsync();

        (await Should.ThrowAsync<DataFolderException>(StartAsync)).IsClaimed.ShouldBeTrue();
    }

    [Fact]
    public async Task Bad_settings_are_refused_in_lines_and_the_folder_is_given_up()
    {
        var refused = await Should.ThrowAsync<StartRefusedException>(() => StartAsync(new() { DataFolder = Folder, CallersPort = 70000, Settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Mesh:InternalPort"] = "x" } }));

        refused.Message.Split(Environment.NewLine).ShouldBe(["Mesh:CallersPort must be between 0 and 65535.", "Mesh:InternalPort must be a whole number."], ignoreOrder: true);
        FolderClaim.Claim(Folder).Dispose();
    }

    [Fact]
    public async Task A_port_in_use_is_refused_in_one_line_and_the_folder_is_given_up()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        (await Should.ThrowAsync<StartRefusedException>(() => StartAsync(new() { DataFolder = Folder, CallersPort = port }))).Message.ShouldStartWith($"Port {port} is in use");

        FolderClaim.Claim(Folder).Dispose();
    }

    [Fact]
    public async Task The_clock_and_the_settings_are_those_that_were_given()
    {
        var clock = new OtherClock();
        await using var mesh = await StartAsync(new() { DataFolder = Folder, Time = clock });

        mesh.Services.GetRequiredService<TimeProvider>().ShouldBe(clock);
        mesh.Services.GetRequiredService<DataFolder>().Path.ShouldBe(Folder);
    }

    [Fact]
    public async Task It_stops_within_ten_seconds_although_somebody_watches()
    {
        var mesh = await StartAsync();
        using var channel = GrpcChannel.ForAddress(mesh.Address);
        using var watch = new Health.V1.Health.HealthClient(channel).Watch(new HealthCheckRequest());
        await watch.ResponseStream.MoveNext(CancellationToken.None);
        var begun = TimeProvider.System.GetTimestamp();

        await mesh.StopAsync();

        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Without_the_key_nobody_gets_in_and_with_it_mesh_methods_stay_closed()
    {
        await using var mesh = await StartAsync();
        using var channel = GrpcChannel.ForAddress(mesh.Address);
        var broker = new TokenBrokerClient(channel);

        (await OutcomeAsync(broker, [])).ShouldBe(StatusCode.PermissionDenied);
        (await OutcomeAsync(broker, new Metadata { { "authorization", $"Bearer {mesh.Key.Reveal()}" } })).ShouldBe(StatusCode.PermissionDenied);
    }

    private static async Task<StatusCode> OutcomeAsync(TokenBrokerClient broker, Metadata headers) =>
        (await Should.ThrowAsync<RpcException>(async () => await broker.GetAccessTokenAsync(new GetAccessTokenRequest(), headers))).StatusCode;

    private Task<EmbeddedMesh> StartAsync() => StartAsync(new() { DataFolder = Folder });

    private static Task<EmbeddedMesh> StartAsync(EmbeddedOptions options) => EmbeddedMesh.StartAsync(options, CancellationToken.None);

    private sealed class OtherClock : TimeProvider;
}
