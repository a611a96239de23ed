using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>Asks one process of the token-broker as the collector does.</summary>
internal sealed class BrokerCaller(ServiceProcess broker, Metadata key) : IDisposable
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(broker.Internal);

    private V1.TokenBroker.TokenBrokerClient Client => new(channel);

    /// <summary>A token.</summary>
    public async Task<GetAccessTokenResponse> TokenAsync(CancellationToken cancellationToken) =>
        await Client.GetAccessTokenAsync(new(), key, cancellationToken: cancellationToken);

    /// <summary>Many at once.</summary>
    public Task<GetAccessTokenResponse[]> TokensAsync(int count, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => TokenAsync(cancellationToken)));

    /// <summary>Says that TikTok refused this token, so that the next question brings another.</summary>
    public async Task RejectAsync(GetAccessTokenResponse token, CancellationToken cancellationToken) =>
        await Client.ReportRejectedTokenAsync(new() { CredentialId = token.CredentialId, Version = token.Version }, key, cancellationToken: cancellationToken);

    public void Dispose() => channel.Dispose();
}
