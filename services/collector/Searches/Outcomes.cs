using System.Globalization;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Reads what a reply means for the walk.</summary>
internal static class Outcomes
{
    public static Outcome Read(Search search, Checkpoint checkpoint, RawReply reply, ISet<string> seen)
    {
        if (reply.Fault is { } fault)
        {
            return new() { Class = ApiErrorClass.Unreadable, Code = Text(fault) };
        }

        return search.Kind is SearchKind.List ? ListPages.Read(search.Api(checkpoint.Cursor), checkpoint.Cursor, reply, seen)
            : search.IsCheck ? CompliancePages.Read(search, checkpoint.Cursor, reply)
            : ReadVideos(search, reply, seen);
    }

    /// <summary>What the answer to a control says: its videos are no matter.</summary>
    public static Outcome ReadControl(RawReply reply) =>
        (reply.Fault is { } fault ? new() { Class = ApiErrorClass.Unreadable, Code = Text(fault) } : Of(PageReader.Read(reply.Body, reply.Status ?? 0).Error)) with { IsInPlace = true };

    /// <summary>In OpenTelemetry's manner: <c>first_byte_timeout</c>.</summary>
    public static string Text(TransportFault fault) =>
        string.Concat(fault.ToString().Select((letter, i) => char.IsUpper(letter) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    private static Outcome ReadVideos(Search search, RawReply reply, ISet<string> seen)
    {
        var facts = PageReader.Read(reply.Body, reply.Status ?? 0);
        if (!facts.Error.IsOk)
        {
            return Of(facts.Error);
        }

        IReadOnlyList<string> ids = [.. facts.Items.Select(item => item.Id).OfType<string>()];
        var outcome = Of(facts.Error) with
        {
            HasMore = facts.HasMore,
            Cursor = facts.Cursor,
            TikTokSearchId = facts.SearchId ?? "",
            VideoIds = ids,
            NewVideos = ids.Count(seen.Add),
            OldestDay = OldestDay(facts.Items),
            LowestId = ByAge(facts.Items, oldest: true)?.Id ?? "",
            NewestAt = PostedAt(ByAge(facts.Items, oldest: false)),
            OldestAt = PostedAt(ByAge(facts.Items, oldest: true)),
            Regions = SpellingOf(facts.Items),
        };
        return Matched(outcome, search, facts.Items);
    }

    /// <summary>Whose the videos of a merged search are, by our own reading; of one keyword, whether we find it as well. An item that cannot be read says nothing.</summary>
    private static Outcome Matched(Outcome outcome, Search search, IReadOnlyList<PageItem> items)
    {
        var questions = search.Questions;
        if (questions.Count < 2 && !MergeLearning.IsProof(search))
        {
            return outcome;
        }

        var unmatched = 0;
        Dictionary<string, int> matches = new(StringComparer.Ordinal);
        foreach (var item in items.Where(item => item.Id is not null))
        {
            if (!ItemReader.TryRead<VideoItem>(item.Bytes, out var video, out _))
            {
                continue;
            }

            var isMatched = false;
            foreach (var clause in questions.Where(clause => LocalMatch.Holds(video, clause)))
            {
                isMatched = true;
                matches[clause.ClauseId] = matches.GetValueOrDefault(clause.ClauseId) + 1;
            }

            unmatched += isMatched ? 0 : 1;
        }

        return outcome with { Unmatched = unmatched, Matches = matches };
    }

    private static RegionSpelling SpellingOf(IReadOnlyList<PageItem> items)
    {
        var spelling = RegionSpelling.Unknown;
        foreach (var item in items)
        {
            var code = ItemReader.TryRead<VideoItem>(item.Bytes, out var video, out _) ? video.RegionCodeAsSent ?? "" : "";
            if (code.Any(char.IsAsciiLetterUpper))
            {
                return RegionSpelling.Capitals;
            }

            spelling = code.Any(char.IsAsciiLetterLower) ? RegionSpelling.Small : spelling;
        }

        return spelling;
    }

    /// <summary>What an error alone says.</summary>
    public static Outcome Of(ApiError error) => new()
    {
        Class = error.Class,
        InvalidParams = error.InvalidParams,
        Code = error.Code ?? (error.IsOk ? "ok" : "unreadable"),
        LogId = error.LogId ?? "",
    };

    /// <summary>
    /// The list is sorted by id, whose upper 32 bits are the upload second; create_time can lie days before it. Resuming on the later of the
    /// two days reads some videos twice and loses none.
    /// </summary>
    private static DateOnly? OldestDay(IReadOnlyList<PageItem> items)
    {
        var last = ByAge(items, oldest: true);
        if (last is null)
        {
            return items.Min(item => item.CreateTime) is { } oldest ? Days.DayOf(oldest) : null;
        }

        DateOnly? uploaded = UploadedAt(last) is { } second ? Days.DayOf(second) : null;
        DateOnly? created = last.CreateTime is { } time ? Days.DayOf(time) : null;
        return uploaded > created || created is null ? uploaded : created;
    }

    /// <summary>Days on which an item may be said to have been posted: when it was uploaded, and when it was created; none when nothing tells.</summary>
    internal static IReadOnlyList<DateOnly> PostedOn(PageItem item) => [.. new[] { UploadedAt(item), item.CreateTime }.OfType<DateTimeOffset>().Select(Days.DayOf)];

    private static PageItem? ByAge(IReadOnlyList<PageItem> items, bool oldest)
    {
        var named = items.Where(item => item.Id is not null);
        return oldest ? named.MinBy(item => Number(item.Id!)) : named.MaxBy(item => Number(item.Id!));
    }

    private static DateTimeOffset? PostedAt(PageItem? item) => item is null ? null : item.CreateTime ?? UploadedAt(item);

    private static DateTimeOffset? UploadedAt(PageItem item) => UploadedAt(item.Id ?? "");

    private static DateTimeOffset? UploadedAt(string id)
    {
        var second = Number(id) >> 32;
        return second > 0 && second < int.MaxValue ? DateTimeOffset.FromUnixTimeSeconds((long)second) : null;
    }

    /// <summary>The UTC day on which a video was uploaded, as its id says; null when it says nothing.</summary>
    public static DateOnly? UploadDay(string id) => UploadedAt(id) is { } second ? Days.DayOf(second) : null;

    internal static UInt128 Number(string id) => UInt128.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : UInt128.MaxValue;
}
