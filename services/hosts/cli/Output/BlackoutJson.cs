using System.Globalization;
using System.Text.Json.Serialization;
using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Output;

internal sealed record BlackoutListJson
{
    public required IReadOnlyList<BlackoutJson> Blackouts { get; init; }

    public required IReadOnlyList<string> Exploring { get; init; }

    /// <summary>Only there while TikTok answers nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OutageJson? Outage { get; init; }
}

internal sealed record OutageJson
{
    public required string? Since { get; init; }

    public required string? NextTry { get; init; }

    public static OutageJson? Of(ApiOutage? outage) => outage is null ? null : new() { Since = BlackoutJson.Text(outage.Since), NextTry = BlackoutJson.Text(outage.NextTry) };
}

internal sealed record BlackoutJson
{
    public required string Class { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string State { get; init; }

    public required int VerifiedDays { get; init; }

    public required int SuspectDays { get; init; }

    public required string? FirstSeen { get; init; }

    public required string? LastSeen { get; init; }

    public required long Tries { get; init; }

    public required IReadOnlyList<string> LogIds { get; init; }

    public static BlackoutJson Of(Blackout blackout) => new()
    {
        Class = Words.Of(blackout.Class),
        From = blackout.Days.From,
        To = blackout.Days.To,
        State = Words.Of(blackout.State),
        VerifiedDays = blackout.VerifiedDays,
        SuspectDays = blackout.SuspectDays,
        FirstSeen = Text(blackout.FirstSeen),
        LastSeen = Text(blackout.LastSeen),
        Tries = blackout.Tries,
        LogIds = blackout.LogIds,
    };

    public static string? Text(Timestamp? time) => time?.ToDateTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
