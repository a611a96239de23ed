namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Tells days for which TikTok does not answer from a time in which it answers nothing: pure. Failures in a row may be either. So after a few of them a
/// control asks for something that is known to be good, and, since one request of 25 is answered in an outage too, so does another. When both are answered,
/// the days are dark, and the next control comes after somewhat more failures. When two fail, nothing is sent but such tries, 1, 2, 4, 8 and then every 15
/// minutes, until three in a row are answered.
/// </summary>
internal static class Breaker
{
    /// <summary>Four failures in a row before the first control.</summary>
    public const int LeastPatience = 4 * Failure;

    /// <summary>Eight at most without one: an outage costs these, the controls, and its tries.</summary>
    private const int MostPatience = 8 * Failure;

    /// <summary>Weight of a failure as a sign that nothing answers.</summary>
    private const int Failure = 2;

    /// <summary>So much is hardly the beginning of an outage.</summary>
    private const int LittleDoubt = 2 * Failure;
    private const int ControlsThatFail = 2;
    private const int AnswersThatProve = 2;
    private const int AnswersThatClose = 3;

    /// <summary>A window that answered is remembered anew after this.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    /// <summary>For so long others leave a control to whoever is at it.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan[] Pauses = [.. new[] { 1, 2, 4, 8, 15 }.Select(minutes => TimeSpan.FromMinutes(minutes))];

    /// <summary>What is known after an answer; the very same when it says nothing new.</summary>
    public static Outage After(Outage before, Answer answer, DateTimeOffset now, CollectorOptions options)
    {
        var after = answer.Sign switch
        {
            Sign.Works => Worked(before, answer, now),
            Sign.Fails => Failed(before, answer, now, options),
            _ => answer.IsControl ? before with { NextTryAt = now + options.ConfirmPause } : before,
        };
        return answer.Good is { } days && (before.GoodOf(answer.Class) is not { } known || now - known.At >= Remembered)
            ? after with { Good = [.. after.Good.Where(good => good.Class != answer.Class), new(answer.Class, days, now)] }
            : after;
    }

    /// <summary>Whether something may be sent now: everything, only a control, or nothing before a time.</summary>
    public static Gate Of(Outage outage, DateTimeOffset now) =>
        !outage.IsOpen && !outage.IsInDoubt ? Gate.Free
        : now >= outage.NextTryAt ? Gate.Control
        : Gate.Shut;

    /// <summary>Somebody is about to send a control; null when somebody else is.</summary>
    public static Outage? Claimed(Outage outage, DateTimeOffset now) => now >= outage.NextTryAt ? outage with { NextTryAt = now + Claim } : null;

    /// <summary>What was to end because its requests fail goes on when it is in doubt whether any would be answered.</summary>
    public static Step Spare(Step step, Search search, Checkpoint checkpoint, Answer answer, Outage after, DateTimeOffset now, CollectorOptions options)
    {
        var ends = step is Step.ListEnded { Result: ListResult.Failed } or Step.Finished { Missing.Reason: V1.GapReason.Failed or V1.GapReason.BlackoutSuspect };
        return ends && !search.IsCheck && answer.Sign is Sign.Fails && (after.IsOpen || after.IsInDoubt)
            ? new Step.GoOn(checkpoint with { Attempt = checkpoint.Attempt + 1, NotBefore = now + options.ConfirmPause })
            : step;
    }

    private static Outage Worked(Outage before, Answer answer, DateTimeOffset now)
    {
        if (before.IsOpen)
        {
            return !answer.IsControl ? before
                : before.Answers + 1 < AnswersThatClose ? before with { Answers = before.Answers + 1, NextTryAt = now }
                : Alive(before, now) with { Last = new(before.AliveAt, Later(now, before.FailedAt)), Patience = LeastPatience };
        }

        if (!answer.IsControl && (before.IsInDoubt || before.Failures == 0))
        {
            return before is { IsInDoubt: false, Patience: > LeastPatience } ? before with { Patience = LeastPatience } : before;
        }

        var after = before with { Answers = before.Answers + 1, Answered = before.Answered + 1, NextTryAt = answer.IsControl ? DateTimeOffset.MinValue : before.NextTryAt };
        return Proves(after, answer) ? Alive(before, now) with { Patience = answer.IsControl ? Math.Min(MostPatience, before.Patience + Failure) : before.Patience }
            : !before.IsInDoubt && (answer.IsControl || after.Answers >= AnswersThatProve) ? after with { Doubt = 0 }
            : after;
    }

    /// <summary>
    /// One answer among failures may be luck, two in a row hardly. For each control that failed it takes one more. Ordinary requests are many, and as many are
    /// the chances of luck: after several failures it takes three answers of them since the last proof, of which two in a row come last.
    /// </summary>
    private static bool Proves(Outage after, Answer answer) =>
        after.Answers >= AnswersThatProve + after.FailedControls && (answer.IsControl || after.Doubt < LittleDoubt || after.Answered > AnswersThatProve);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static Outage Failed(Outage before, Answer answer, DateTimeOffset now, CollectorOptions options)
    {
        if (before.IsOpen)
        {
            // Answers by luck were tries too: the pause makes up for them.
            return answer.IsControl
                ? before with { Tries = before.Tries + 1, Answers = 0, NextTryAt = now + (Pauses[Math.Min(before.Tries + 1, Pauses.Length - 1)] * (1 + before.Answers)) }
                : before;
        }

        var counted = before with { Failures = before.Failures + 1, Answers = 0, Doubt = before.Doubt + (answer.IsRepeated ? Failure / 2 : Failure), Since = before.Since ?? now, FailedAt = before.FailureAt(now) };
        var failed = before.FailedControls + 1;
        return !answer.IsControl ? counted
            : failed < ControlsThatFail ? counted with { FailedControls = failed, NextTryAt = now + options.ConfirmPause }
            : counted with { FailedControls = failed, OpenedAt = now, Tries = 0, Answers = 0, NextTryAt = now + Pauses[0] };
    }

    /// <summary>It is later than every failure that it proves, although the clock of who saw that may be ahead: otherwise controls would be sent until the clocks agree.</summary>
    private static Outage Alive(Outage before, DateTimeOffset now) =>
        before with { AliveAt = Later(now, before.FailedAt.AddTicks(1)), Failures = 0, Doubt = 0, Since = null, FailedControls = 0, OpenedAt = null, Tries = 0, Answers = 0, Answered = 0, NextTryAt = DateTimeOffset.MinValue };
}

/// <summary>What may be sent.</summary>
internal enum Gate
{
    /// <summary>Everything.</summary>
    Free,

    /// <summary>A control, and nothing else.</summary>
    Control,

    /// <summary>Nothing yet.</summary>
    Shut,
}
