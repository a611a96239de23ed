using System.Security.Cryptography;
using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Walks a check: what to do after each answer. What a check does not return may be deleted, so it ends without a verdict whenever something is not as it
/// should be. Its attempts are counted over all its steps, so that no page takes the place of another and the count bounds what it may cost.
/// </summary>
internal static class ComplianceWalker
{
    /// <summary>Requests of one check, whatever happens.</summary>
    public const int MaxRequests = 40;

    /// <summary>Answers in a row that a task is not done.</summary>
    public const int MaxPolls = 12;

    /// <summary>Tasks of one check: another one only when TikTok does not know the first any more.</summary>
    public const int MaxTasks = 2;

    /// <summary>How long a task may take.</summary>
    public static readonly TimeSpan LongestTask = TimeSpan.FromHours(24);

    /// <summary>Words for what ended a check besides TikTok's own codes.</summary>
    public const string TaskFailed = "task_failed";

    public const string TaskLost = "task_lost";

    public const string TaskNeverEnded = "task_never_ended";

    public const string TooManyRequests = "too_many_requests";

    public const string FilesDiffer = "files_differ";

    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(15);

    public static Step Decide(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now, CollectorOptions options) =>
        Next(search, checkpoint, outcome, now, options) switch
        {
            Step.GoOn { Next.Attempt: >= MaxRequests } => NoVerdict(search, TooManyRequests, now),
            var step => step,
        };

    private static Step Next(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now, CollectorOptions options) => outcome.Reaction switch
    {
        ApiReaction.TakeData => checkpoint.Cursor switch
        {
            ComplianceSteps.Create => new Step.GoOn(Forward(checkpoint, ComplianceSteps.Status) with
            {
                Check = new() { TaskId = outcome.TaskId, Tasks = ComplianceSteps.TaskOf(checkpoint).Tasks + 1, CreatedAt = now },
                NotBefore = now + options.CompliancePoll,
            }),
            ComplianceSteps.Status => AfterStatus(search, checkpoint, outcome, now, options),
            _ => AfterDownload(search, checkpoint, outcome, now),
        },
        ApiReaction.RenewToken => Walker.RenewToken(search, checkpoint, outcome, now),
        ApiReaction.StopEndpoint => Walker.StopEndpoint(search, checkpoint, outcome, now),
        ApiReaction.BackOff => Walker.BackOff(checkpoint, now),
        ApiReaction.WaitForMidnight => new Step.GoOn(checkpoint with { Attempt = checkpoint.Attempt + 1 }),
        ApiReaction.AcceptRefusal or ApiReaction.GiveUp => AfterRefusal(search, checkpoint, outcome, now, options),
        _ when checkpoint.Repeats < Walker.MaxRepeats => Walker.Repeat(checkpoint, now),
        _ => NoVerdict(search, outcome.Code, now),
    };

    private static Step AfterStatus(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now, CollectorOptions options) => outcome.TaskState switch
    {
        ValidationTaskState.Completed => new Step.GoOn(Forward(checkpoint, ComplianceSteps.Download)),
        ValidationTaskState.Failed => NoVerdict(search, TaskFailed, now),
        _ => PollAgain(search, checkpoint, now, options),
    };

    /// <summary>A word that we do not know is asked about again like one that says "not yet".</summary>
    private static Step PollAgain(Search search, Checkpoint checkpoint, DateTimeOffset now, CollectorOptions options)
    {
        var task = ComplianceSteps.TaskOf(checkpoint);
        var polls = task.Polls + 1;
        return polls >= MaxPolls || now - task.CreatedAt >= LongestTask
            ? NoVerdict(search, TaskNeverEnded, now)
            : new Step.GoOn(Forward(checkpoint, ComplianceSteps.Status) with { Check = task with { Polls = polls }, NotBefore = now + PollPause(polls, options) });
    }

    /// <summary>
    /// A file that lacks more than half of what was asked for is rather a mishap than the truth: it counts when a second one says the same.
    /// </summary>
    private static Step AfterDownload(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now)
    {
        var held = Fingerprint(outcome.VideoIds);
        var task = ComplianceSteps.TaskOf(checkpoint);
        return task.Doubted.Length > 0 && task.Doubted != held ? NoVerdict(search, FilesDiffer, now)
            : task.Doubted.Length == 0 && outcome.VideoIds.Count < search.VideoIds.Count - outcome.VideoIds.Count
                ? new Step.GoOn(Forward(checkpoint, ComplianceSteps.Download) with { Check = task with { Doubted = held }, NotBefore = Walker.AfterPause(0, now) })
            : new Step.Finished(search.Window, Missing: null, []);
    }

    /// <summary>
    /// The ids are refused for good. A task that is refused is not there any more, or not done: what is refused at the download is asked for its state,
    /// and one that has no state is lost.
    /// </summary>
    private static Step AfterRefusal(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now, CollectorOptions options) => checkpoint.Cursor switch
    {
        ComplianceSteps.Create => NoVerdict(search, outcome.Code, now),
        ComplianceSteps.Download => PollAgain(search, checkpoint, now, options),
        _ when ComplianceSteps.TaskOf(checkpoint).Tasks is var tasks and < MaxTasks => new Step.GoOn(Forward(checkpoint, ComplianceSteps.Create) with { Check = new() { Tasks = tasks } }),
        _ => NoVerdict(search, TaskLost, now),
    };

    /// <summary>Trouble on the way is forgotten; what is known of the task stays.</summary>
    private static Checkpoint Forward(Checkpoint checkpoint, long step) => new()
    {
        Cursor = step,
        Attempt = checkpoint.Attempt + 1,
        Check = checkpoint.Check,
    };

    private static TimeSpan PollPause(int polls, CollectorOptions options)
    {
        var pause = options.CompliancePoll * Math.Pow(2, polls);
        return pause < LongestPoll ? pause : LongestPoll;
    }

    private static Step.Finished NoVerdict(Search search, string why, DateTimeOffset now) => new(Covered: null, new(search.Window, GapReason.Failed, why, now), []);

    private static string Fingerprint(IReadOnlyList<string> ids) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', ids))));
}
