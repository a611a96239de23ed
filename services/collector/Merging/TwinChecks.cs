using System.Security.Cryptography;
using System.Text;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// When the local match of merged searches is checked, and how: pure. Once a week for each lab and class, a merged search that has just been read is followed by
/// one request for one of its clauses alone, on days of which one page should hold everything. It is a search of its own that covers nothing, explores nothing
/// and is over with its first answer, whatever that says; <see cref="TwinComparison"/> compares.
/// </summary>
internal static class TwinChecks
{
    /// <summary>Videos that one page holds, with room for some that the index holds and does not show.</summary>
    private const int MostVideos = 80;

    /// <summary>For so long a check may wait for its turn. Its collection does not end before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>What becomes of a check that is over: nothing else.</summary>
    public static readonly Step.Finished End = new(Covered: null, Missing: null, []);

    /// <summary>Whether searches of this class are checked: what was found for an id is certain, and the others are never merged.</summary>
    public static bool IsOf(ClauseClass clauseClass) => clauseClass is ClauseClass.Hashtag or ClauseClass.Keyword or ClauseClass.Username;

    /// <summary>Whether a search has just been read so that a check may follow, and what else that depends on has to be looked up.</summary>
    public static bool MayFollow(SearchRecord read, CollectorOptions options) =>
        options.MatchCheckDays > 0
        && IsOf(read.Search.Class)
        && read is
        {
            Status: SearchStatus.Drained, Unanswered.Count: 0, Answered: true, Covered: not null, Checkpoint.DoubtfulTo: null, Brought: { IsCounted: true, Items: > 0 },
            Search: { Kind: SearchKind.Videos, Sample: 0, IsProbe: false, Rereads.Count: 0, Suspect: null, Zero: null, Twin: null, Questions.Count: > 1 },
        };

    /// <summary>The check that follows; null when none is due, none can be made, or none should be made now.</summary>
    /// <param name="read">The merged search, read to its end.</param>
    /// <param name="facts">Its collections with what they ask for, and what is known of its class.</param>
    /// <param name="now">UTC.</param>
    /// <param name="options">How often.</param>
    public static SearchRecord? Plan(SearchRecord read, SearchFacts facts, DateTimeOffset now, CollectorOptions options)
    {
        if (!MayFollow(read, options) || facts.Merging.CheckedAt?.AddDays(options.MatchCheckDays) > now || IsDisturbed(facts.Blackouts, facts.Outage, now))
        {
            return null;
        }

        // Not always the same clause, and the same one however often this is decided.
        var choice =
            (from each in read.Search.Clauses
             let days = each.Days.Intersect(read.Covered!.Value) is { } covered ? Fullest(each.Clause.ClauseId, covered, read.Brought!) : null
             where days is not null
             let payer = facts.Collections.FirstOrDefault(collection => Pays(collection) && Asks(facts, collection, each.Clause.ClauseId, days.Value))
             where payer is not null
             select (Clause: each.Clause, Days: days.Value, Payer: payer))
            .OrderBy(each => Lot(read.Search.SearchId, each.Clause.ClauseId), StringComparer.Ordinal)
            .ThenBy(each => each.Days.From)
            .FirstOrDefault();
        return choice.Payer is null ? null : new()
        {
            // It takes the place of the merged search in the line, so that little has changed since.
            Search = read.Search with
            {
                SearchId = $"{read.Search.SearchId}t",
                Window = choice.Days,
                Clauses = [new(choice.Clause, choice.Days)],
                Restarts = 0,
                HalfOf = null,
                IsShortened = false,
                Twin = new(read.Search.SearchId, now + Patience),
            },
            Collections = [choice.Payer.CollectionId],
        };
    }

    /// <summary>Whether a check that was planned is not to be sent any more.</summary>
    public static bool IsOver(Search check, ClassBlackouts known, Outage outage, DateTimeOffset now) =>
        now > check.Twin!.Until || IsDisturbed(known, outage, now) || check.Window.Each().Any(known.IsDark);

    /// <summary>While TikTok is being explored or does not answer, a check would only be in the way.</summary>
    private static bool IsDisturbed(ClassBlackouts known, Outage outage, DateTimeOffset now) =>
        outage.IsOpen || outage.IsInDoubt || known.Exploration?.IsFresh(now) is true;

    /// <summary>Who has set a limit has not set it for this.</summary>
    private static bool Pays(CollectionRecord collection) => collection is { IsActive: true, MaxUnits: 0, UnitsPerDay: 0, MaxResults: 0 };

    private static bool Asks(SearchFacts facts, CollectionRecord collection, string clauseId, Days days) =>
        facts.Asked.GetValueOrDefault(collection.CollectionId, []).Any(asked => asked.Clause.ClauseId == clauseId && asked.Days.Intersect(days) is not null);

    /// <summary>The stretch of days with the most videos of a clause that one page holds, the longest of them, the first of them; null when there is none with any.</summary>
    private static Days? Fullest(string clauseId, Days days, Brought brought)
    {
        var all = days.Each().ToList();
        var stretches =
            from first in Enumerable.Range(0, all.Count)
            from last in Enumerable.Range(first, all.Count - first)
            let stretch = new Days(all[first], all[last])
            let videos = stretch.Each().Sum(day => brought.Of(clauseId, day) ?? 0)
            where videos is > 0 and <= MostVideos
            orderby videos descending, stretch.Count descending, stretch.From
            select (Days?)stretch;
        return stretches.FirstOrDefault();
    }

    private static string Lot(string searchId, string clauseId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{searchId} {clauseId}")));
}
