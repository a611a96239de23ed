using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>What calls and channels prove, over mutual TLS.</summary>
public sealed class GrpcCredentialsTests
{
    [Fact]
    public async Task Call_credentials_travel_in_their_order_and_the_server_knows_the_peer()
    {
        using var certificate = SelfSigned("CN=arena.mesh");
        Metadata? received = null;
        AuthContext? peer = null;
        await using var mesh = await GrpcLoopback.Start(
            new EchoHandlers
            {
                Say = (request, context) =>
                {
                    (received, peer) = (context.RequestHeaders, context.AuthContext);
                    return Task.FromResult(request);
                },
            },
            client: new GrpcChannelOptions
            {
                Credentials = ChannelCredentials.Create(ChannelCredentials.SecureSsl, Proof("channel")),
                HttpHandler = new SocketsHttpHandler
                {
                    SslOptions = new SslClientAuthenticationOptions
                    {
                        ClientCertificates = [certificate],
                        RemoteCertificateValidationCallback = (_, remote, _, _) =>
                            remote?.GetCertHashString() == certificate.GetCertHashString(),
                    },
                },
            },
            listen: options => options.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (client, _, _) => client.Thumbprint == certificate.Thumbprint;
            }));

        await mesh.Client.SayAsync("x", new CallOptions(credentials: CallCredentials.Compose(Proof("first"), Proof("second"))));

        // The server joins the headers of one name into one entry.
        received!.GetAll("authorization").Select(entry => entry.Value).ShouldHaveSingleItem().ShouldBe("first, second, channel");
        received!.GetValue("x-method").ShouldNotBeNull().ShouldStartWith("Say");
        peer!.IsPeerAuthenticated.ShouldBeTrue();
        peer.PeerIdentity.ShouldHaveSingleItem().Value.ShouldBe("arena.mesh");
        peer.Properties.ShouldContain(property => property.Name == peer.PeerIdentityPropertyName);
    }

    [Fact]
    public async Task A_plain_channel_has_no_authenticated_peer()
    {
        AuthContext? peer = null;
        await using var mesh = await GrpcLoopback.Start(new EchoHandlers
        {
            Say = (request, context) =>
            {
                peer = context.AuthContext;
                return Task.FromResult(request);
            },
        });

        await mesh.Client.SayAsync("x");

        peer!.IsPeerAuthenticated.ShouldBeFalse();
        peer.PeerIdentity.ShouldBeEmpty();
        peer.FindPropertiesByName("x509_common_name").ShouldBeEmpty();
    }

    [Fact]
    public void Call_credentials_need_a_secure_channel() =>
        Should.Throw<ArgumentException>(() => ChannelCredentials.Create(ChannelCredentials.Insecure, Proof("x")))
            .ParamName.ShouldBe("channelCredentials");

    [Fact]
    public void Composing_needs_two_credentials() =>
        Should.Throw<ArgumentException>(() => CallCredentials.Compose(Proof("alone"))).ParamName.ShouldBe("credentials");

    [Fact]
    public void Certificates_of_the_credentials_reach_the_runtime()
    {
        var configurator = new Configurator();

        new SslCredentials("roots", new KeyCertificatePair("chain", "key"), _ => true).InternalPopulateConfiguration(configurator, new object());

        configurator.Seen.ShouldBe("roots chain key True");
    }

    [Fact]
    public void The_client_takes_certificates_from_its_http_handler_only() =>
        Should.Throw<InvalidOperationException>(() => GrpcChannel.ForAddress(
            "https://localhost", new GrpcChannelOptions { Credentials = new SslCredentials("roots") }));

    private static CallCredentials Proof(string name) => CallCredentials.FromInterceptor((context, metadata) =>
    {
        metadata.Add("authorization", name);
        metadata.Add("x-method", context.MethodName);
        return Task.CompletedTask;
    });

    private static X509Certificate2 SelfSigned(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private sealed class Configurator : ChannelCredentialsConfiguratorBase
    {
        public string? Seen { get; private set; }

        public override void SetInsecureCredentials(object state) => Seen = "insecure";

        public override void SetSslCredentials(
            object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback) =>
            Seen = $"{rootCertificates} {keyCertificatePair?.CertificateChain} {keyCertificatePair?.PrivateKey} "
                + $"{verifyPeerCallback?.Invoke(new VerifyPeerContext("target", "pem"))}";

        public override void SetCompositeCredentials(
            object state, ChannelCredentials channelCredentials, CallCredentials callCredentials) =>
            Seen = "composite";
    }
}
