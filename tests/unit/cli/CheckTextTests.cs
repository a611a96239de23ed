using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Cli;
using IssueObservatory.Mesh.Cli.Commands;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Cli;

public sealed class CheckTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private static readonly Check Answered = new() { CheckId = "a", Checks = CheckedItems.Videos, State = CheckState.Answered, Items = 3, Alive = 2, Missing = { "7" } };

    private static readonly Check Failed = new() { CheckId = "b", Checks = CheckedItems.Comments, State = CheckState.Unanswered, Items = 4, Failure = "task_failed" };

    private static readonly Check Open = new() { CheckId = "c", Checks = CheckedItems.Videos, State = CheckState.Open, Items = 10_000 };

    [Fact]
    public void The_exit_code_says_whether_all_some_or_none_were_answered_or_some_wait()
    {
        CheckText.ExitCodeOf([Answered]).ShouldBe(ExitCode.Complete);
        CheckText.ExitCodeOf([Answered, Failed]).ShouldBe(ExitCode.CompleteWithGaps);
        CheckText.ExitCodeOf([Failed]).ShouldBe(ExitCode.Failed);
        CheckText.ExitCodeOf([Answered, Failed, Open]).ShouldBe(ExitCode.WaitingForQuota);
    }

    [Fact]
    public void A_result_as_json_has_its_shape()
    {
        using var output = new StringWriter();

        JsonLine.Write(output, CheckText.Json(new() { Videos = 10_003, Comments = 4, Batches = 3, LikelyUnits = 9, LeftOut = 1 }, [Answered, Failed, Open]));

        const string Expected = """
            {"videos":10003,"comments":4,"left_out":1,"batches":3,"likely_units":9,"alive":2,"missing":[{"platform_id":"7","kind":"video"}],
            "unfinished":[{"check_id":"b","kind":"comment","items":4,"state":"unanswered","reason":"task_failed"},
            {"check_id":"c","kind":"video","items":10000,"state":"open","reason":null}]}
            """;
        output.ToString().ShouldBe(Expected.ReplaceLineEndings("") + "\n");
    }

    [Fact]
    public void A_batch_that_has_no_answer_is_one_line()
    {
        CheckText.Unfinished(Failed).ShouldBe("mesh: check b of 4 comments came to nothing, so nothing is concluded: TikTok's task failed (task_failed)");
        CheckText.Unfinished(Open).ShouldBe("mesh: check c of 10,000 videos has no answer yet; the same command goes on with it");
    }

    [Fact]
    public void What_is_missing_is_named_with_how_often_it_was_missed()
    {
        using var output = new StringWriter();
        var shell = new Shell { Output = output, Error = TextWriter.Null, Input = TextReader.Null };

        CheckText.WriteMissing(shell, [Missing("7", hours: 0), Missing("8", hours: 24)], Now);

        output.ToString().ReplaceLineEndings("\n").ShouldStartWith("missing    1 once, 1 again a day or more later\n  7 video missing once since ");
        output.ToString().ShouldContain("  8 video missing twice since ");
        CheckText.Json(Missing("8", hours: 24)).Missed.ShouldBe("twice");
    }

    [Fact]
    public void The_cost_is_told_with_its_share_of_a_day_and_what_is_left_out()
    {
        VerifyCommand.Tell(new() { Videos = 12_000, Comments = 300, Batches = 3, LikelyUnits = 9, LeftOut = 40 }, 1000)
            .ShouldStartWith("12,000 videos and 300 comments in 3 batches, likely 9 units: 0.9 % of a day's quota. 40 were looked at");
        VerifyCommand.Tell(new(), 1000).ShouldBe("Nothing to check.");
    }

    private static MissingItem Missing(string id, int hours) => new()
    {
        PlatformId = id,
        Kind = CheckedItems.Videos,
        MissedAt = Now.AddDays(-3).ToTimestamp(),
        LookedAt = Now.AddDays(-3).AddHours(hours).ToTimestamp(),
    };
}
