using System.Runtime.CompilerServices;
using System.Text.Json;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.ResearchApi;

namespace IssueObservatory.Mesh.Bench;

/// <summary>A page's bytes to typed items that survive any bytes, beside System.Text.Json's generated code, which takes only what is right; and what the decision adds.</summary>
internal sealed class ParseBench : IBench
{
    private const int Rounds = 15;
    private const int Pages = 40;
    private const int Records = Pages * SandboxPages.VideosAPage;

    public string Name => "parse";

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = await SandboxPages.FetchAsync(Pages, cancellationToken);
        var normalizer = PageBench.CreateNormalizer();
        var typed = await Race.RunAsync("page → typed items; bare: System.Text.Json", "records/s", Rounds, _ => RunAsync(pages, Read), _ => RunAsync(pages, ReadBare), cancellationToken);
        yield return typed with { Bar = 0.67 };
        yield return await Race.RunAsync("page → decided; bare: System.Text.Json", "records/s", Rounds, _ => RunAsync(pages, page => normalizer.Normalize(page).Items.Count), _ => RunAsync(pages, ReadBare), cancellationToken);
    }

    private static Task<Lap> RunAsync(IReadOnlyList<StoredPage> pages, Func<StoredPage, int> read) => Lap.OfAsync(
        Records,
        () =>
        {
            var count = pages.Sum(read);
            return count == Records ? Task.CompletedTask : throw new InvalidOperationException($"{count} records were read, expected {Records}.");
        });

    private static int Read(StoredPage page) =>
        PageReader.Read(page.Body, page.Status).Items.Count(item => ItemReader.TryRead<VideoItem>(item.Bytes, out _, out _));

    private static int ReadBare(StoredPage page) => JsonSerializer.Deserialize(page.Body.Span, BareJson.Default.BareReply)!.Data!.Videos!.Count;
}
