using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What TikTok should hear of, ready to send, and what of it was sent: pure.</summary>
internal static class SupportReports
{
    /// <summary>The report.</summary>
    /// <param name="blackouts">What is known of days for which TikTok does not answer; only dark ones are reported.</param>
    /// <param name="incidents">Answers to the lab's requests, in any order.</param>
    /// <param name="notes">The lab's notes in the order in which they were added.</param>
    /// <param name="since">Nothing that was seen before this only.</param>
    /// <param name="includeFiled">Also what a filed report has held.</param>
    /// <param name="now">The present.</param>
    public static GetSupportReportResponse Of(
        IEnumerable<Blackout> blackouts,
        IEnumerable<Incident> incidents,
        IReadOnlyList<SupportNoteRecord> notes,
        DateTimeOffset since,
        bool includeFiled,
        DateTimeOffset now)
    {
        var filedAt = LastFiled(notes) ?? DateTimeOffset.MinValue;
        var dark = blackouts.Where(each => each.State is BlackoutState.Dark && each.LastSeen.ToDateTimeOffset() >= since)
            .Select(each => new ReportedBlackout { Blackout = each, Filed = each.LastFound.ToDateTimeOffset() <= filedAt }).ToList();
        var groups = Groups(incidents.Where(each => each.At >= since), filedAt).ToList();
        return new()
        {
            MadeAt = now.ToTimestamp(),
            Blackouts = { dark.Where(each => includeFiled || !each.Filed) },
            Incidents = { groups.Where(each => includeFiled || !each.Filed) },
            Filed = { Filed(notes) },
            LeftOut = includeFiled ? 0 : dark.Count(each => each.Filed) + groups.Count(each => each.Filed),
        };
    }

    /// <summary>Every report that was filed, each with the answers that came before the next one; an answer before the first belongs to none.</summary>
    public static IReadOnlyList<FiledReport> Filed(IEnumerable<SupportNoteRecord> notes)
    {
        List<FiledReport> reports = [];
        foreach (var note in notes)
        {
            if (note.Kind is SupportNoteKind.Filed)
            {
                reports.Add(new() { Filed = Told(note) });
            }
            else if (reports.Count > 0)
            {
                reports[^1].Answers.Add(Told(note));
            }
        }

        return reports;
    }

    /// <summary>The report that one of the notes belongs to; there must be one.</summary>
    public static FiledReport ReportOf(IReadOnlyList<SupportNoteRecord> notes, string noteId)
    {
        var place = notes.Index().First(each => string.Equals(each.Item.NoteId, noteId, StringComparison.Ordinal)).Index;
        return Filed(notes)[notes.Take(place + 1).Count(note => note.Kind is SupportNoteKind.Filed) - 1];
    }

    /// <summary>When the report was made that was filed last; null when none was.</summary>
    public static DateTimeOffset? LastFiled(IEnumerable<SupportNoteRecord> notes) =>
        notes.Where(note => note.Kind is SupportNoteKind.Filed).Max(note => (DateTimeOffset?)note.At);

    /// <summary>Whether a report that was made then held anything that no report before it did.</summary>
    public static bool IsAnythingNew(IEnumerable<Blackout> blackouts, IEnumerable<Incident> incidents, IReadOnlyList<SupportNoteRecord> notes, DateTimeOffset madeAt)
    {
        var filedAt = LastFiled(notes) ?? DateTimeOffset.MinValue;
        return incidents.Any(each => each.At > filedAt && each.At <= madeAt)
            || blackouts.Any(each => each.State is BlackoutState.Dark && each.LastFound.ToDateTimeOffset() > filedAt && each.FirstSeen.ToDateTimeOffset() <= madeAt);
    }

    /// <summary>What was filed and what was not are never in one group: of a day on which a report was filed, only the rest is told anew.</summary>
    private static IEnumerable<IncidentGroup> Groups(IEnumerable<Incident> incidents, DateTimeOffset filedAt) =>
        from each in incidents
        group each by (each.Kind, Day: Days.DayOf(each.At), each.Endpoint, each.Class, IsFiled: each.At <= filedAt) into same
        orderby same.Key.Kind, same.Key.Day, same.Key.Endpoint, same.Key.Class, same.Key.IsFiled descending
        let inOrder = same.OrderBy(each => each.At).ToList()
        select new IncidentGroup
        {
            Kind = same.Key.Kind,
            Endpoint = same.Key.Endpoint,
            Path = same.Key.Endpoint.Path(),
            Class = same.Key.Class,
            Day = Days.Text(same.Key.Day),
            Days = AskedFor(inOrder)?.ToRange(),
            Count = inOrder.Count,
            FirstSeen = inOrder[0].At.ToTimestamp(),
            LastSeen = inOrder[^1].At.ToTimestamp(),
            Codes = { Evidence(inOrder.Select(each => each.Code)) },
            LogIds = { Evidence(inOrder.Select(each => each.LogId)) },
            Filed = same.Key.IsFiled,
        };

    private static Days? AskedFor(IEnumerable<Incident> incidents) =>
        incidents.Select(each => each.Days).OfType<Days>().Aggregate((Days?)null, (all, days) => all?.Union(days) ?? days);

    private static IEnumerable<string> Evidence(IEnumerable<string> texts) =>
        texts.Where(text => text.Length > 0).Distinct(StringComparer.Ordinal).Take(BlackoutRanges.MostLogIds);

    private static SupportNote Told(SupportNoteRecord note) => new() { NotedAt = note.At.ToTimestamp(), Text = note.Text };
}
