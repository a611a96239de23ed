using System.Globalization;
using System.Text;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>A check of what is still there: create, ask, download, and every way in which that goes wrong.</summary>
public sealed class ComplianceWalkerTests
{
    private const string Task = "75000000000000000001";

    private static readonly Search Check = Walks.Search(SearchKind.Refresh) with { Checks = CheckedItems.Videos, VideoIds = ["11", "22", "33"] };

    private static readonly Checkpoint Asking = new() { Cursor = ComplianceSteps.Status, Attempt = 1, Check = new() { TaskId = Task, Tasks = 1, CreatedAt = Now } };

    private static readonly Checkpoint Downloading = Asking with { Cursor = ComplianceSteps.Download, Attempt = 2 };

    [Fact]
    public void A_check_that_goes_well_takes_three_requests_and_says_what_is_still_shown()
    {
        var walk = new Walk(Check);

        walk.Answer(Created()).ShouldBeOfType<Step.GoOn>().Next.NotBefore.ShouldBe(Now + Options.CompliancePoll);
        walk.Answer(State("Completed"));
        var end = walk.Answer(Text("11\n33\n"));

        end.ShouldBeOfType<Step.Finished>().Missing.ShouldBeNull();
        walk.Returned.ShouldBe(["11", "33"]);
        walk.Asked.ShouldBe(["validation_task/create", "validation_task_status/get", "validation_task/download"]);
    }

    [Fact]
    public void A_task_that_is_not_done_is_asked_again_after_pauses_that_grow_and_not_for_ever()
    {
        var checkpoint = Asking;
        List<TimeSpan> pauses = [];
        Step step;
        while ((step = Decided(checkpoint, State(pauses.Count % 2 == 0 ? "Processing" : "Napping"))) is Step.GoOn next)
        {
            pauses.Add(next.Next.NotBefore - Now);
            checkpoint = next.Next;
        }

        pauses.Count.ShouldBe(ComplianceWalker.MaxPolls - 1);
        pauses.ShouldBe(pauses.Order());
        (pauses[0], pauses[^1]).ShouldBe((2 * Options.CompliancePoll, TimeSpan.FromMinutes(15)));
        ReasonOf(step).ShouldBe("task_never_ended");
    }

    [Fact]
    public void A_task_that_takes_longer_than_a_day_gives_no_verdict() =>
        ReasonOf(Decided(Asking with { Check = ComplianceSteps.TaskOf(Asking) with { CreatedAt = Now.AddHours(-24) } }, State("Processing"))).ShouldBe("task_never_ended");

    [Fact]
    public void A_task_that_failed_gives_no_verdict() => ReasonOf(Decided(Asking, State("Failed"))).ShouldBe("task_failed");

    [Fact]
    public void A_scope_that_is_missing_ends_the_check_with_its_first_request() =>
        ReasonOf(Decided(Checkpoint.Start, Error(401, "scope_not_authorized"))).ShouldBe("scope_not_authorized");

    [Fact]
    public void Ids_that_TikTok_refuses_are_not_sent_again() =>
        ReasonOf(Decided(Checkpoint.Start, Error(400, "invalid_file_upload"))).ShouldBe("invalid_file_upload");

    [Fact]
    public void A_task_that_TikTok_lost_is_created_once_more_and_then_no_more()
    {
        var lost = Error(400, "invalid_params");

        var again = Decided(Asking, lost).ShouldBeOfType<Step.GoOn>().Next;

        (again.Cursor, again.Check, again.Attempt).ShouldBe((ComplianceSteps.Create, new CheckTask { Tasks = 1 }, 2));
        ReasonOf(Decided(Asking with { Check = ComplianceSteps.TaskOf(Asking) with { Tasks = 2 } }, lost)).ShouldBe("task_lost");
    }

    [Fact]
    public void A_download_that_is_refused_asks_for_the_state_before_anything_else()
    {
        var next = Decided(Downloading, Error(400, "invalid_params")).ShouldBeOfType<Step.GoOn>().Next;

        (next.Cursor, next.Check).ShouldBe((ComplianceSteps.Status, ComplianceSteps.TaskOf(Downloading) with { Polls = 1 }));
    }

    [Theory]
    [InlineData("11\nand 22\n")]
    [InlineData("11\n2")]
    [InlineData("11\n22\n33\n44\n")]
    [InlineData("<html>")]
    [InlineData("""{"data":{},"error":{"code":"ok"}}""")]
    public void A_file_with_a_word_that_was_not_asked_for_says_nothing(string file)
    {
        var checkpoint = Downloading;
        Step step;
        while ((step = Decided(checkpoint, Text(file))) is Step.GoOn next)
        {
            next.Next.Cursor.ShouldBe(ComplianceSteps.Download);
            checkpoint = next.Next;
        }

        ReasonOf(step).ShouldBe("broken_file");
        Outcomes.Read(Check, Downloading, Text(file), new HashSet<string>()).VideoIds.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_lacks_most_is_believed_only_when_a_second_one_says_the_same()
    {
        var doubted = Decided(Downloading, Text("")).ShouldBeOfType<Step.GoOn>().Next;

        doubted.Cursor.ShouldBe(ComplianceSteps.Download);
        Decided(doubted, Text("")).ShouldBeOfType<Step.Finished>().Missing.ShouldBeNull();
        ReasonOf(Decided(doubted, Text("11\n22\n33\n"))).ShouldBe("files_differ");
        Decided(Downloading, Text("11\n22\n")).ShouldBeOfType<Step.Finished>().Missing.ShouldBeNull();
    }

    /// <summary>Whatever TikTok answers, in whatever order.</summary>
    [Fact]
    public void Any_answers_end_in_bounded_requests_and_a_second_task_is_made_only_for_one_that_TikTok_lost()
    {
        var verdicts = 0;
        for (var seed = 0; seed < 3_000; seed++)
        {
            var tiktok = new Moody(seed);
            var walk = new Walk(Check);
            Step step;
            do
            {
                if (walk.Checkpoint.Cursor is ComplianceSteps.Create)
                {
                    var task = ComplianceSteps.TaskOf(walk.Checkpoint);
                    task.TaskId.ShouldBeEmpty($"seed {seed}");
                    task.Tasks.ShouldBe(tiktok.Lost, $"seed {seed}: a task for nothing");
                }

                step = walk.Answer(tiktok.Reply(walk.Checkpoint.Cursor));
            }
            while (step is Step.GoOn);

            walk.Asked.Count.ShouldBeLessThanOrEqualTo(ComplianceWalker.MaxRequests, $"seed {seed}");
            walk.Places.ShouldBeUnique($"seed {seed}");
            tiktok.Tasks.ShouldBeLessThanOrEqualTo(ComplianceWalker.MaxTasks, $"seed {seed}");
            var end = step.ShouldBeOfType<Step.Finished>($"seed {seed}");
            if (end.Missing is null)
            {
                verdicts++;
                walk.Returned.ShouldBe(Moody.Shown, $"seed {seed}");
            }
            else
            {
                end.Missing.Detail.ShouldNotBeNullOrEmpty($"seed {seed}");
            }
        }

        verdicts.ShouldBeInRange(300, 2_700);
    }

    private static Step Decided(Checkpoint checkpoint, RawReply reply) => Walks.Decide(Check, checkpoint, Outcomes.Read(Check, checkpoint, reply, new HashSet<string>()));

    private static string ReasonOf(Step step)
    {
        var missing = step.ShouldBeOfType<Step.Finished>().Missing;
        missing.ShouldNotBeNull();
        return missing.Detail;
    }

    private static RawReply Created(string id = Task) => Text($$$"""{"data":{"task_id":{{{id}}}},"error":{"code":"ok","message":"","http_status_code":200,"log_id":"20260401"}}""");

    private static RawReply State(string word) => Text($$$"""{"data":{"task_status":"{{{word}}}"},"error":{"code":"ok","message":"","log_id":"20260401"}}""");

    private static RawReply Error(int status, string code) => Text($$$"""{"data":{},"error":{"code":"{{{code}}}","message":"","log_id":"20260401"}}""", status);

    private static RawReply Text(string body, int status = 200) => new()
    {
        SentAt = Now,
        Latency = TimeSpan.Zero,
        Target = "/",
        RequestBody = ReadOnlyMemory<byte>.Empty,
        Status = status,
        Body = Encoding.UTF8.GetBytes(body),
    };

    /// <summary>A check on its way, with what it asked.</summary>
    private sealed class Walk(Search search)
    {
        public Checkpoint Checkpoint { get; private set; } = Checkpoint.Start;

        public List<string> Asked { get; } = [];

        public List<(long Cursor, int Attempt)> Places { get; } = [];

        public IReadOnlyList<string> Returned { get; private set; } = [];

        public Step Answer(RawReply reply)
        {
            var request = SearchQueries.Next(search, Checkpoint);
            request.Validate().ShouldBeEmpty();
            Asked.Add(request.Endpoint.Name);
            Places.Add((Checkpoint.Cursor, Checkpoint.Attempt));
            var outcome = Outcomes.Read(search, Checkpoint, reply, new HashSet<string>());
            Returned = outcome.VideoIds;
            var step = Walks.Decide(search, Checkpoint, outcome);
            Checkpoint = step is Step.GoOn next ? next.Next : Checkpoint;
            return step;
        }
    }

    /// <summary>Answers well more often than not, and otherwise anyhow.</summary>
    private sealed class Moody(int seed)
    {
        public static readonly string[] Shown = ["11", "22"];

        private readonly Random random = new(seed);

        /// <summary>Tasks whose id arrived.</summary>
        public int Tasks { get; private set; }

        /// <summary>Tasks that it said it does not know.</summary>
        public int Lost { get; private set; }

        public RawReply Reply(long step) => random.Next(3) == 0 ? Trouble(step) : step switch
        {
            ComplianceSteps.Create => Create(),
            ComplianceSteps.Status => State(random.Next(3) == 0 ? "Processing" : "Completed"),
            _ => Text(string.Join('\n', Shown)),
        };

        private RawReply Create()
        {
            Tasks++;
            return Created((75_000_000_000_000_000_000m + Tasks).ToString(CultureInfo.InvariantCulture));
        }

        private RawReply Trouble(long step)
        {
            switch (random.Next(12))
            {
                case 0 when step is ComplianceSteps.Status:
                    Lost++;
                    return Error(400, "invalid_params");
                case 0:
                    return Error(400, "invalid_params");
                case 1:
                    return Error(401, "access_token_invalid");
                case 2:
                    return Error(401, "scope_not_authorized");
                case 3:
                    return Error(429, "rate_limit_exceeded");
                case 4:
                    return Error(429, "daily_quota_limit_exceeded");
                case 5:
                    return Text("<html>", 504);
                case 6 when step is ComplianceSteps.Download:
                    return Text("11\n2");
                case 7 when step is ComplianceSteps.Status:
                    return State("Failed");
                case 8:
                    return Text("""{"data":{},"error":{"code":"ok","message":""}}""");
                case 9:
                    return Text("") with { Fault = TransportFault.Cut };
                default:
                    return Error(500, "internal_error");
            }
        }
    }
}
