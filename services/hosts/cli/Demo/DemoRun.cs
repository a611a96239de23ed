using System.Globalization;
using System.Text.Json;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Commands;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Demo;

/// <summary>The steps of the demo: terms, actors, a refresh, and what came of it.</summary>
internal sealed class DemoRun(Verb verb, DemoWorld world, string folder)
{
    // Three windows of 31 days and a week: the week is the one that stays dark.
    private const int Days = 100;
    private const int RefreshUnits = 10;
    private const int TopHashtags = 10;

    private static readonly string[] Terms = ["#dkpol", "#danskpolitik", "folketinget", "klima"];

    /// <summary>Runs them.</summary>
    public async Task<DemoJson> RunAsync(CancellationToken cancellationToken)
    {
        var shell = verb.Shell;
        var begun = shell.Clock.GetTimestamp();
        var last = DateOnly.FromDateTime(shell.Clock.GetUtcNow().UtcDateTime).AddDays(-CollectionArguments.RipeAfterDays);
        var first = last.AddDays(1 - Days);
        var days = new DayRange { From = Text(first), To = Text(last) };

        shell.Say($"A simulated Research API with invented videos is up, and five services in this process.\nThe data go to {folder}.");
        var terms = new CollectionSpec { Terms = { Terms }, Regions = { "DK" }, Days = days };
        await EstimateAsync(terms, cancellationToken);
        var collections = new List<CollectionStatus> { await CollectAsync(terms, cancellationToken) };

        var actors = new CollectionSpec { Actors = { world.BusiestActors(first, last) }, Days = days };
        shell.Say($"\nActors: {string.Join(", ", actors.Actors)}. A video that a term brought already stays one record.");
        collections.Add(await CollectAsync(actors, cancellationToken));

        shell.Say($"\nRefresh: the counts of up to {RefreshUnits * 100} videos are read again, 100 with one request.");
        var refreshed = await verb.Mesh.AskAsync(
            async (mesh, stopping) => await mesh.RefreshScheduler.RunRefreshAsync(new() { All = true, MaxUnits = RefreshUnits }, cancellationToken: stopping),
            cancellationToken);
        await RefreshCommand.StayAsync(verb.Mesh, shell, noWait: false, cancellationToken);

        var (records, hashtags) = await ReadAsync(cancellationToken);
        var units = collections.Sum(collection => collection.Requests?.Sent ?? 0);
        return new()
        {
            Data = folder,
            Records = records,
            Units = units,
            RecordsPerUnit = Math.Round(records / (double)Math.Max(1, units), 1),
            RefreshUnits = refreshed.Batches,
            Gaps = [.. collections.SelectMany(collection => collection.Gaps).Select(GapJson.Of)],
            Hashtags = hashtags,
            RefreshedVideos = refreshed.Videos,
            TokensFetched = world.TokensFetched,
            Collections = [.. collections.Select(CollectionJson.Of)],
            ElapsedSeconds = Math.Round(shell.Clock.GetElapsedTime(begun).TotalSeconds, 1),
        };
    }

    private async Task EstimateAsync(CollectionSpec spec, CancellationToken cancellationToken)
    {
        var estimate = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.Arena.EstimateCollectionAsync(new() { Spec = spec }, cancellationToken: stopping), cancellationToken);
        verb.Shell.Say($"\nTerms: {string.Join(", ", spec.Terms)} in {string.Join(", ", spec.Regions)}, {spec.Days.From} … {spec.Days.To}: {estimate.Searches.Count} searches, at least {estimate.MinUnits} of the day's 1,000 requests.");

        // TikTok fails for a whole window when one day of it is dark: the shortest one loses least.
        if (estimate.Searches.Where(search => search.Class is ClauseClass.Hashtag).MinBy(search => Length(search.Days)) is { } dark)
        {
            world.Darken(dark.Days);
            verb.Shell.Say($"On the way tokens end too early, and hashtag searches for {dark.Days.From} … {dark.Days.To} fail.");
        }
    }

    private async Task<CollectionStatus> CollectAsync(CollectionSpec spec, CancellationToken cancellationToken)
    {
        var status = await new CollectionFollower(verb).FollowAsync(
            async (mesh, stopping) => (await mesh.Arena.SubmitCollectionAsync(new() { Spec = spec }, cancellationToken: stopping)).Status,
            _ => false,
            cancellationToken);
        return status.State is CollectionState.Failed ? throw CommandRefusedException.Failed($"the demo's collection failed: {status.Failure}") : status;
    }

    private Task<(long Records, IReadOnlyList<HashtagJson> Hashtags)> ReadAsync(CancellationToken cancellationToken) =>
        verb.Mesh.AskAsync<(long, IReadOnlyList<HashtagJson>)>(
            async (mesh, stopping) =>
            {
                var records = 0L;
                Dictionary<string, long> videos = new(StringComparer.OrdinalIgnoreCase);
                await ReadRecords.ForEachAsync(
                    mesh,
                    collectionId: "",
                    DocumentType.Unspecified,
                    record =>
                    {
                        records++;
                        foreach (var hashtag in Hashtags(record).Distinct(StringComparer.OrdinalIgnoreCase))
                        {
                            videos[hashtag] = videos.GetValueOrDefault(hashtag) + 1;
                        }
                    },
                    () => false,
                    stopping);
                return (records, [.. videos.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(TopHashtags).Select(pair => new HashtagJson { Hashtag = pair.Key, Videos = pair.Value })]);
            },
            cancellationToken);

    private static IEnumerable<string> Hashtags(JsonElement record) =>
        record.TryGetProperty("raw_metadata", out var raw) && raw.ValueKind is JsonValueKind.Object
        && raw.TryGetProperty("hashtag_names", out var names) && names.ValueKind is JsonValueKind.Array
            ? names.EnumerateArray().Where(name => name.ValueKind is JsonValueKind.String).Select(name => name.GetString()!)
            : [];

    private static int Length(DayRange days) => Day(days.To).DayNumber - Day(days.From).DayNumber + 1;

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
