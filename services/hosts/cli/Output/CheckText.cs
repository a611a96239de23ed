using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>Checks of what TikTok still shows, and what it did not show, in words and as JSON.</summary>
internal static class CheckText
{
    /// <summary>Missing items that are named on a terminal; JSON names all.</summary>
    private const int MostNamed = 20;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>0 when every check was answered, 1 when none was, 3 when some were, 4 while some wait.</summary>
    public static int ExitCodeOf(IReadOnlyList<Check> checks) =>
        checks.Any(check => check.State is CheckState.Open) ? ExitCode.WaitingForQuota
        : checks.All(check => check.State is CheckState.Answered) ? ExitCode.Complete
        : checks.Any(check => check.State is CheckState.Answered) ? ExitCode.CompleteWithGaps
        : ExitCode.Failed;

    /// <summary>What was found, and what is missing once.</summary>
    public static void Write(Shell shell, IReadOnlyList<Check> checks)
    {
        var missing = checks.SelectMany(check => check.Missing.Select(id => $"{id} {Kind(check.Checks)}")).ToList();
        shell.Output.WriteLine($"{CollectionText.Number(checks.Sum(check => check.Alive))} are still shown, {CollectionText.Number(missing.Count)} are not.");
        WriteNamed(shell, missing, "mesh refresh status --json");
    }

    /// <summary>What TikTok did not show when it was last asked: once, or again a day or more later.</summary>
    public static void WriteMissing(Shell shell, IReadOnlyList<MissingItem> missing, DateTimeOffset now)
    {
        if (missing.Count > 0)
        {
            shell.Output.WriteLine($"missing    {CollectionText.Number(missing.Count(item => Times(item) == 1))} once, {CollectionText.Number(missing.Count(item => Times(item) > 1))} again a day or more later");
            WriteNamed(shell, [.. missing.Select(item => $"{item.PlatformId} {Kind(item.Kind)} {(Times(item) == 1 ? "missing once" : "missing twice")} since {CollectionText.Clock(item.MissedAt.ToDateTimeOffset(), now)}")], "--json");
        }
    }

    /// <summary>A batch that has no answer, in one line.</summary>
    public static string Unfinished(Check check)
    {
        var items = $"check {check.CheckId} of {CollectionText.Number(check.Items)} {Kind(check.Checks)}s";
        return check.State is CheckState.Open
            ? $"mesh: {items} has no answer yet; the same command goes on with it"
            : $"mesh: {items} came to nothing, so nothing is concluded: {Why(check.Failure)}";
    }

    /// <summary>The result as JSON.</summary>
    public static RefreshVerifyJson Json(VerifyRecordsResponse begun, IReadOnlyList<Check> checks) => new()
    {
        Videos = begun.Videos,
        Comments = begun.Comments,
        LeftOut = begun.LeftOut,
        Batches = begun.Batches,
        LikelyUnits = begun.LikelyUnits,
        Alive = checks.Sum(check => check.Alive),
        Missing = [.. checks.SelectMany(check => check.Missing.Select(id => new KeptItemJson { PlatformId = id, Kind = Kind(check.Checks) }))],
        Unfinished =
        [
            .. checks.Where(check => check.State is not CheckState.Answered).Select(check => new UnfinishedCheckJson
            {
                CheckId = check.CheckId,
                Kind = Kind(check.Checks),
                Items = check.Items,
                State = check.State is CheckState.Open ? "open" : "unanswered",
                Reason = check.Failure.Length > 0 ? check.Failure : null,
            }),
        ],
    };

    /// <summary>A missing item as JSON.</summary>
    public static MissingItemJson Json(MissingItem item) => new()
    {
        PlatformId = item.PlatformId,
        Kind = Kind(item.Kind),
        Missed = Times(item) == 1 ? "once" : "twice",
        MissedAt = item.MissedAt.ToDateTimeOffset(),
        LookedAt = item.LookedAt.ToDateTimeOffset(),
    };

    private static int Times(MissingItem item) => item.LookedAt.ToDateTimeOffset() - item.MissedAt.ToDateTimeOffset() >= Day ? 2 : 1;

    private static void WriteNamed(Shell shell, IReadOnlyList<string> lines, string rest)
    {
        foreach (var line in lines.Take(MostNamed))
        {
            shell.Output.WriteLine($"  {line}");
        }

        if (lines.Count > MostNamed)
        {
            shell.Output.WriteLine($"  and {CollectionText.Number(lines.Count - MostNamed)} more: {rest}");
        }
    }

    private static string Kind(CheckedItems checks) => checks is CheckedItems.Comments ? "comment" : "video";

    private static string Why(string failure) => failure switch
    {
        "scope_not_authorized" => "TikTok does not let this credential use batch compliance (scope_not_authorized)",
        "task_failed" => "TikTok's task failed (task_failed)",
        "task_lost" => "TikTok does not know its own task any more (task_lost)",
        "task_never_ended" => "TikTok's task did not end in time (task_never_ended)",
        "broken_file" => "TikTok's file is not a list of the ids that were asked for (broken_file)",
        "files_differ" => "TikTok's file said something else the second time (files_differ)",
        "too_many_requests" => "it would have taken too many requests (too_many_requests)",
        _ => failure,
    };
}
