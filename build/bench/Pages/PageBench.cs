using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Ucr;

namespace IssueObservatory.Mesh.Bench;

/// <summary>A page's bytes to durable records (decision and store) beside a bare insert of the very rows that this leaves, one transaction a page.</summary>
internal sealed class PageBench : IBench
{
    private const int Rounds = 15;
    private const int Pages = 20;
    private const string Lab = "default";

    public string Name => "page";

    /// <summary>The normalizer as it is wired by default, with a salt of the bench.</summary>
    public static PageNormalizer CreateNormalizer() =>
        new(new AuthorPseudonyms(PseudonymScheme.Sha256, "a salt of the bench, long enough for it"), new UndeterminedLanguage(), new NormalizerOptions());

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = await SandboxPages.FetchAsync(Pages, cancellationToken);
        var normalizer = CreateNormalizer();
        var rows = await PageRows.LeftByAsync(pages, normalizer, Lab, cancellationToken);
        var line = await Race.RunAsync(
            "page of 100 → stored; bare: insert of its rows",
            "records/s",
            Rounds,
            async token =>
            {
                using var workplace = new Workplace();
                using var store = SqliteRecordStore.Open(workplace.PathOf("normalizer.db"), workplace.PathOf("identified.db"));
                return await Lap.OfAsync(Pages * SandboxPages.VideosAPage, () => KeepAsync(store, normalizer, pages, token));
            },
            async _ =>
            {
                using var workplace = new Workplace();
                using var file = PageRows.Create(workplace);
                return await Lap.OfAsync(Pages * SandboxPages.VideosAPage, () => Insert(file, rows));
            },
            cancellationToken);
        yield return line with { Bar = 0.4 };
    }

    private static async Task KeepAsync(SqliteRecordStore store, PageNormalizer normalizer, IReadOnlyList<StoredPage> pages, CancellationToken cancellationToken)
    {
        foreach (var page in pages)
        {
            var outcome = await store.KeepAsync(Lab, normalizer.Normalize(page), StandingClock.Now, cancellationToken);
            if (outcome.Counts.New != SandboxPages.VideosAPage)
            {
                throw new InvalidOperationException($"{outcome.Counts.New} new records of a page, expected {SandboxPages.VideosAPage}.");
            }
        }
    }

    private static Task Insert(BareSqlite file, IReadOnlyList<PageRows> pages)
    {
        foreach (var page in pages)
        {
            page.Insert(file);
        }

        return Task.CompletedTask;
    }
}
