using System.Collections.Concurrent;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>A collector that has only pages.</summary>
internal sealed class FakeCollector(ConcurrentDictionary<string, GetPageResponse> pages) : V1.Collector.CollectorBase
{
    public override Task<GetPageResponse> GetPage(GetPageRequest request, ServerCallContext context) =>
        pages.TryGetValue($"{context.Identity().LabId}/{request.PageId}", out var page) ? Task.FromResult(page) : throw MeshException.NotFound("Page");
}

/// <summary>Keeps what the normalizer publishes.</summary>
internal sealed class PageNormalizedSink(BlockingCollection<PageNormalized> published) : IEventHandler<PageNormalized>
{
    public Task HandleAsync(PageNormalized message, CancellationToken cancellationToken)
    {
        published.Add(message, cancellationToken);
        return Task.CompletedTask;
    }
}
