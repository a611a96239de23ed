using System.Globalization;
using IssueObservatory.Mesh.ResearchApi;

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

        return search.Kind is SearchKind.List ? ListPages.Read(search.Api, checkpoint.Cursor, reply, seen) : ReadVideos(reply, seen);
    }

    /// <summary>In OpenTelemetry's manner: <c>first_byte_timeout</c>.</summary>
    public static string Text(TransportFault fault) =>
        string.Concat(fault.ToString().Select((letter, i) => char.IsUpper(letter) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    private static Outcome ReadVideos(RawReply reply, ISet<string> seen)
    {
        var facts = PageReader.Read(reply.Body, reply.Status ?? 0);
        if (!facts.Error.IsOk)
        {
            return Of(facts.Error);
        }

        IReadOnlyList<string> ids = [.. facts.Items.Select(item => item.Id).OfType<string>()];
        return Of(facts.Error) with
        {
            HasMore = facts.HasMore,
            Cursor = facts.Cursor,
            TikTokSearchId = facts.SearchId ?? "",
            VideoIds = ids,
            NewVideos = ids.Count(seen.Add),
            OldestDay = OldestDay(facts.Items),
        };
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
        var last = items.Where(item => item.Id is not null).MinBy(item => Number(item.Id!));
        if (last is null)
        {
            return items.Min(item => item.CreateTime) is { } oldest ? Days.DayOf(oldest) : null;
        }

        var second = Number(last.Id!) >> 32;
        DateOnly? uploaded = second > 0 && second < int.MaxValue ? Days.DayOf(DateTimeOffset.FromUnixTimeSeconds((long)second)) : null;
        DateOnly? created = last.CreateTime is { } time ? Days.DayOf(time) : null;
        return uploaded > created || created is null ? uploaded : created;
    }

    private static UInt128 Number(string id) => UInt128.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : UInt128.MaxValue;
}
