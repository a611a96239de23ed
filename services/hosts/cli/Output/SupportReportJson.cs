using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Output;

internal sealed record SupportReportJson
{
    public required string MadeAt { get; init; }

    public required IReadOnlyList<ReportedBlackoutJson> Blackouts { get; init; }

    public required IReadOnlyList<IncidentGroupJson> Incidents { get; init; }

    public required IReadOnlyList<FiledReportJson> Filed { get; init; }

    /// <summary>Blackouts and groups that are left out because they were filed.</summary>
    public required int LeftOut { get; init; }

    public static SupportReportJson Of(GetSupportReportResponse report) => new()
    {
        MadeAt = SupportReportText.Exact(report.MadeAt),
        Blackouts = [.. report.Blackouts.Select(each => new ReportedBlackoutJson { Blackout = BlackoutJson.Of(each.Blackout), Filed = each.Filed })],
        Incidents = [.. report.Incidents.Select(IncidentGroupJson.Of)],
        Filed = [.. report.Filed.Select(FiledReportJson.Of)],
        LeftOut = report.LeftOut,
    };
}

internal sealed record ReportedBlackoutJson
{
    public required BlackoutJson Blackout { get; init; }

    public required bool Filed { get; init; }
}

internal sealed record IncidentGroupJson
{
    public required string Kind { get; init; }

    public required string Endpoint { get; init; }

    public required string Path { get; init; }

    /// <summary>Null when it was no search by clauses.</summary>
    public required string? Class { get; init; }

    public required string Day { get; init; }

    /// <summary>First of the days that were asked for; null when none were.</summary>
    public required string? From { get; init; }

    public required string? To { get; init; }

    public required long Count { get; init; }

    public required string? FirstSeen { get; init; }

    public required string? LastSeen { get; init; }

    public required IReadOnlyList<string> Codes { get; init; }

    public required IReadOnlyList<string> LogIds { get; init; }

    public required bool Filed { get; init; }

    public static IncidentGroupJson Of(IncidentGroup group) => new()
    {
        Kind = Words.Of(group.Kind),
        Endpoint = Words.Of(group.Endpoint),
        Path = group.Path,
        Class = group.Class is ClauseClass.Unspecified ? null : Words.Of(group.Class),
        Day = group.Day,
        From = group.Days?.From,
        To = group.Days?.To,
        Count = group.Count,
        FirstSeen = BlackoutJson.Text(group.FirstSeen),
        LastSeen = BlackoutJson.Text(group.LastSeen),
        Codes = group.Codes,
        LogIds = group.LogIds,
        Filed = group.Filed,
    };
}

internal sealed record FiledReportJson
{
    public required string? FiledAt { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<SupportAnswerJson> Answers { get; init; }

    public static FiledReportJson Of(FiledReport report) => new()
    {
        FiledAt = BlackoutJson.Text(report.Filed.NotedAt),
        Text = report.Filed.Text,
        Answers = [.. report.Answers.Select(answer => new SupportAnswerJson { AnsweredAt = BlackoutJson.Text(answer.NotedAt), Text = answer.Text })],
    };
}

internal sealed record SupportAnswerJson
{
    public required string? AnsweredAt { get; init; }

    public required string Text { get; init; }
}
