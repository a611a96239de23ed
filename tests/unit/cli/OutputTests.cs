using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Cli;
using IssueObservatory.Mesh.Cli.Commands;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Cli;

public sealed class OutputTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_collection_as_json_has_exactly_the_shape_of_the_contract()
    {
        using var output = new StringWriter();

        JsonLine.Write(output, CollectionJson.Of(Status()));

        const string Expected = """
            {"collection_id":"abc","state":"complete_with_gaps","requests":{"sent":14,"ok":12,"failed":2},
            "records":{"received":1000,"new":900,"updated":100,"unattributed":3,"quarantined":1},
            "days":{"complete":83,"gap":7,"pending":0},
            "gaps":[{"from":"2026-01-01","to":"2026-01-07","reason":"blackout_suspect","class":"hashtag","clauses":["#dkpol","grønt"],"log_ids":["2026A"]}],
            "inputs":[{"input":"#dkpol","result":"ok","reason":null},{"input":"@x","result":"refused","reason":"user_not_found"}],
            "quota":{"used":14,"limit":1000,"resets_at":"2026-11-23T00:00:35+00:00"},"elapsed_seconds":12.5}
            """;
        output.ToString().ShouldBe(Expected.ReplaceLineEndings("") + "\n");
    }

    [Fact]
    public void What_is_not_known_yet_is_zero_or_null()
    {
        using var output = new StringWriter();

        JsonLine.Write(output, CollectionJson.Of(new() { CollectionId = "abc", State = CollectionState.WaitingForQuota }));

        output.ToString().ShouldContain("\"state\":\"waiting_for_quota\"");
        output.ToString().ShouldContain("\"requests\":{\"sent\":0,\"ok\":0,\"failed\":0}");
        output.ToString().ShouldContain("\"quota\":null");
    }

    [Fact]
    public void Progress_says_days_missing_days_records_and_units() =>
        CollectionText.Progress(Status()).ShouldBe("90 of 90 days · 7 missing · 1,000 records, 900 of them new · 14 units, 986 of 1,000 left today");

    [Fact]
    public void Lists_are_counted_as_lists_and_have_no_days()
    {
        var status = new CollectionStatus
        {
            CollectionId = "abc",
            State = CollectionState.CompleteWithGaps,
            Spec = new() { List = ApiEndpoint.Comments, Subjects = { "7", "8", "9" } },
            Requests = new() { Sent = 14 },
            Records = new() { Received = 1_000, New = 1_000 },
            Inputs =
            {
                new InputResult { Input = "7", Result = InputOutcome.Ok, Reason = "the first 1,000" },
                new InputResult { Input = "8", Result = InputOutcome.Failed, Reason = "internal_error after 0 items" },
                new InputResult { Input = "9", Result = InputOutcome.Pending },
            },
            Gaps = { new Gap { Days = new(), Reason = GapReason.Failed, Class = ClauseClass.List, Clauses = { "8" } } },
        };
        using var output = new StringWriter();

        CollectionSummary.Write(output, status, Now);

        output.ToString().ShouldContain("comments of 7, 8, 9 · as it is now");
        output.ToString().ShouldContain("lists    1 complete, 1 missing, 1 to come");
        output.ToString().ShouldContain("missing  1 list  the answers could not be used (failed)  8");
        output.ToString().ShouldContain("7: ok (the first 1,000)");
        CollectionText.Progress(status).ShouldBe("2 of 3 lists · 1 missing · 1,000 records, 1,000 of them new · 14 units");
        GapJson.Of(status.Gaps[0]).ShouldSatisfyAllConditions(gap => gap.From.ShouldBeNull(), gap => gap.To.ShouldBeNull());
    }

    [Fact]
    public void A_query_is_shown_by_the_name_that_says_its_regions()
    {
        var status = new CollectionStatus
        {
            Spec = new() { QueryJson = "{}", Days = new() { From = "2026-01-01", To = "2026-01-31" } },
            Inputs = { new InputResult { Input = "query of DK, SE (5f0c2f5e3a55)" } },
        };

        CollectionText.Subject(status).ShouldBe("query of DK, SE (5f0c2f5e3a55)");
        CollectionText.Scope(status).ShouldBe("2026-01-01 … 2026-01-31");
    }

    [Fact]
    public void The_cost_of_lists_is_told_in_lists_units_and_a_share_of_the_day()
    {
        var cost = new EstimateCollectionResponse { Lists = 1_200, MinUnits = 1_200, LikelyUnits = 1_450, Bucket = QuotaBucket.Research };

        CollectionCost.Tell(cost, limit: 1_000).ShouldBe("1,200 lists, likely 1,450 units: 145 % of a day's quota.");
        CollectionCost.Tell(new() { Lists = 1, LikelyUnits = 1 }, limit: 0).ShouldBe("1 list, likely 1 unit.");
        CollectionCost.Tell(cost, limit: 0).ShouldBe("1,200 lists, likely 1,450 units.");
    }

    [Theory]
    [InlineData(0, 12, "units     at least 12; one more for each further page\n")]
    [InlineData(3, 90, "units     at least 12, likely 90; 3 of 5 terms or accounts have been counted before, the others cost one more for each further page\n")]
    [InlineData(5, 137, "units     at least 12, likely 137; all that is asked for has been counted before, on other days\n")]
    public void An_estimate_says_how_much_of_it_is_known(int counted, int likely, string told)
    {
        using var output = new StringWriter { NewLine = "\n" };
        EstimateCommand.Print(
            new() { Output = output, Error = TextWriter.Null, Input = TextReader.Null, Clock = TimeProvider.System },
            new() { MinUnits = 12, LikelyUnits = likely, Clauses = 5, CountedClauses = counted },
            isSample: false);

        output.ToString().ShouldContain(told);
    }

    [Fact]
    public void Waiting_says_what_for_and_until_when()
    {
        var status = Status();
        status.State = CollectionState.WaitingForQuota;
        status.WaitingFor = "the next day's quota";
        status.WaitingUntil = Now.AddHours(15).AddSeconds(35).ToTimestamp();

        CollectionText.Waiting(status, Now).ShouldBe("waits for the next day's quota; goes on at 2026-11-23 00:00:35 UTC (in 15 h 0 min)");
        CollectionText.Waiting(Status(), Now).ShouldBeEmpty();
    }

    [Fact]
    public void Limits_are_told_where_some_were_set_and_only_those()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var status = Status();
        CollectionSummary.Write(output, status, Now);
        JsonLine.Write(output, CollectionJson.Of(status));
        output.ToString().ShouldNotContain("limits");

        status.Spec.UnitsPerDay = 1;
        CollectionText.Limits(status).ShouldBe("at most 1 unit a day");
        (status.Spec.MaxUnits, status.Spec.MaxResults, status.Spec.Standing, status.Spec.Days.To) = (2_000, 30_000, true, "2026-12-31");
        CollectionSummary.Write(output, status, Now);
        JsonLine.Write(output, CollectionJson.Of(status));

        output.ToString().ShouldContain("  limits   at most 1 unit a day, 2,000 units in all, 30,000 records, to 2026-12-31\n");
        output.ToString().ShouldContain("""
            "limits":{"units_per_day":1,"max_units":2000,"max_results":30000,"last_day":"2026-12-31"}
            """.Trim());
    }

    [Fact]
    public void What_a_collection_has_stands_before_what_it_received_itself()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var status = Status();
        status.Records = new() { Held = 1_413 };

        CollectionSummary.Write(output, status, Now);
        JsonLine.Write(output, CollectionJson.Of(status));

        output.ToString().ShouldContain("  records  1,413 in all; by this collection 0 received: 0 new, 0 known before\n");
        output.ToString().ShouldContain("\"quarantined\":0,\"held\":1413}");
        CollectionText.Progress(status).ShouldContain("1,413 records, 0 of them new");
    }

    [Theory]
    [InlineData(CollectionState.Running, "follows  up to 2026-11-19; the next is read at 2026-11-23 00:00:00 UTC")]
    [InlineData(CollectionState.Paused, "follows  up to 2026-11-19; no more days are read until it is resumed")]
    [InlineData(CollectionState.Cancelled, "follows  up to 2026-11-19; no more days are read")]
    public void What_is_followed_names_a_next_day_only_when_there_is_one(CollectionState state, string says)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var status = Status();
        status.State = state;
        status.Standing = new() { UpTo = "2026-11-19", NextAt = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero).ToTimestamp() };

        CollectionSummary.Write(output, status, Now);

        output.ToString().ShouldContain($"  {says}\n");
    }

    [Theory]
    [InlineData(CollectionState.Running, "", "", "running")]
    [InlineData(CollectionState.Running, "the bus", "", "running, waits for the bus; goes on at 10:00:00 UTC (in 1 h 0 min)")]
    [InlineData(CollectionState.WaitingForQuota, "quota", "", "waits for quota; goes on at 10:00:00 UTC (in 1 h 0 min)")]
    [InlineData(CollectionState.Paused, "", "", "paused; `mesh resume abc` goes on")]
    [InlineData(CollectionState.Failed, "", "No.", "failed: No.")]
    [InlineData(CollectionState.Complete, "", "", "complete")]
    public void Where_a_collection_stands_is_said_once(CollectionState state, string waitingFor, string failure, string says)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var status = Status();
        (status.State, status.WaitingFor, status.Failure) = (state, waitingFor, failure);
        status.WaitingUntil = waitingFor.Length > 0 ? Now.AddHours(1).ToTimestamp() : null;

        CollectionText.Stands(status, Now).ShouldBe(says);
        CollectionSummary.Write(output, status, Now);
        output.ToString().ShouldContain($"\n  {says}\n");
    }

    [Fact]
    public void Lines_come_when_something_changed_and_not_more_often_than_every_two_seconds()
    {
        using var error = new StringWriter();
        var clock = new ManualTime(Now);
        var view = new PlainCollectionView(new Shell { Output = TextWriter.Null, Error = error, Input = TextReader.Null, Clock = clock });
        var status = Status();

        view.Show(status);
        view.Show(status);
        status.Requests.Sent++;
        view.Show(status);
        Lines(error).ShouldBe(1);

        clock.Advance(TimeSpan.FromSeconds(2));
        view.Show(status);
        Lines(error).ShouldBe(2);

        status.WaitingFor = "a pause";
        view.Show(status);
        Lines(error).ShouldBe(3);
    }

    [Fact]
    public void The_summary_names_missing_days_and_refused_inputs()
    {
        using var output = new StringWriter();

        CollectionSummary.Write(output, Status(), Now);

        output.ToString().ShouldContain("2026-01-01 … 2026-01-07");
        output.ToString().ShouldContain("blackout_suspect");
        output.ToString().ShouldContain("log_id 2026A");
        output.ToString().ShouldContain("@x: refused (user_not_found)");
    }

    [Fact]
    public void What_a_collection_was_expected_to_cost_stands_beside_what_it_took()
    {
        using var output = new StringWriter();
        var status = Status();
        CollectionSummary.Write(output, status, Now);
        output.ToString().ShouldNotContain("estimated");

        status.Estimate = new() { MinUnits = 1, LikelyUnits = 1 };
        CollectionSummary.Write(output, status, Now);
        output.ToString().ShouldContain("estimated at least 1 unit, took 14");
        status.Estimate = new() { MinUnits = 10, LikelyUnits = 12 };
        CollectionSummary.Write(output, status, Now);
        JsonLine.Write(output, CollectionJson.Of(status));

        output.ToString().ShouldContain("estimated 10–12 units, took 14");
        output.ToString().ShouldContain("""
            "estimate":{"min_units":10,"likely_units":12}
            """.Trim());
    }

    [Theory]
    [InlineData(0, "without a matching term", false)]
    [InlineData(5, "more than 1 in 200", false)]
    [InlineData(5, "5 without a matching term", true)]
    [InlineData(6, "6 without a matching term, which is more than 1 in 200", true)]
    public void Videos_without_a_term_are_counted_and_many_of_them_are_pointed_out(int unattributed, string text, bool isThere)
    {
        using var output = new StringWriter();
        var status = Status();
        status.Records = new() { Received = 1_000, Unattributed = unattributed };

        CollectionSummary.Write(output, status, Now);

        output.ToString().Contains(text, StringComparison.Ordinal).ShouldBe(isThere);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(2, 0, true)]
    [InlineData(0, 1, true)]
    public void A_match_that_differs_from_TikToks_is_pointed_out_in_numbers_only(int missed, int invented, bool isThere)
    {
        using var output = new StringWriter();
        var status = Status();
        status.MatchChecks.Add(new MatchCheck { Class = ClauseClass.Hashtag, Videos = 34, Missed = missed, Invented = invented });

        CollectionSummary.Write(output, status, Now);
        JsonLine.Write(output, CollectionJson.Of(status));

        output.ToString().Contains($"  match    {missed + invented} of 34 videos differed when a term of the class hashtag was asked for alone: TikTok finds {missed} that we do not, and we {invented} that it does not", StringComparison.Ordinal).ShouldBe(isThere);
        output.ToString().ShouldContain($$"""
            "match_checks":[{"class":"hashtag","videos":34,"missed":{{missed}},"invented":{{invented}}}]
            """.Trim());
    }

    [Fact]
    public void An_estimate_warns_of_refreshes_that_would_not_fit_and_says_when_the_collection_would_be_refused()
    {
        var estimate = new EstimateCollectionResponse { MinUnits = 101, RefreshOverload = new() { Day = "2026-04-13", Units = 800, AddedUnits = 101, Available = 900, Message = "Keep less." } };

        Told(new() { MinUnits = 101 }).ShouldNotContain("refresh");
        Told(estimate).ShouldContain("refresh   warning: Keep less.\n");
        Told(estimate).ShouldContain("\"refresh_overload\":{\"day\":\"2026-04-13\",\"units\":800,\"added_units\":101,\"available\":900,\"refused\":false,\"message\":\"Keep less.\"}");
        estimate.RefreshOverload.Refused = true;
        Told(estimate).ShouldContain("refresh   refused: Keep less.\n");

        static string Told(EstimateCollectionResponse answer)
        {
            using var output = new StringWriter();
            EstimateCommand.Print(new Shell { Output = output, Error = TextWriter.Null, Input = TextReader.Null }, answer, isSample: false);
            JsonLine.Write(output, EstimateCommand.ToJson(answer));
            return output.ToString();
        }
    }

    [Fact]
    public void An_outage_is_told_with_the_next_try_and_otherwise_not_at_all()
    {
        using var output = new StringWriter();
        JsonLine.Write(output, new BlackoutListJson { Blackouts = [], Exploring = [] });
        output.ToString().ShouldBe("""{"blackouts":[],"exploring":[]}""" + "\n");

        JsonLine.Write(output, new BlackoutListJson { Blackouts = [], Exploring = [], Outage = OutageJson.Of(new() { Since = Timestamp.FromDateTimeOffset(Now), NextTry = Timestamp.FromDateTimeOffset(Now.AddMinutes(15)) }) });
        output.ToString().ShouldContain("\"outage\":{\"since\":\"");
    }

    [Fact]
    public void A_sample_and_days_in_doubt_are_called_so_and_other_collections_say_nothing_of_either()
    {
        using var output = new StringWriter();
        var status = Status();
        CollectionSummary.Write(output, status, Now);
        output.ToString().ShouldNotContain("sample");
        output.ToString().ShouldNotContain("doubt");

        status.Spec = new() { Sample = 50 };
        status.Days.Doubtful = 2;
        CollectionSummary.Write(output, status, Now);
        JsonLine.Write(output, CollectionJson.Of(status));

        output.ToString().ShouldContain("83 drawn from");
        output.ToString().ShouldContain("at most 50 drawn at random");
        output.ToString().ShouldContain("2 of the complete days may lack videos");
        output.ToString().ShouldContain("\"pending\":0,\"doubtful\":2}");
        output.ToString().ShouldContain("\"sample\":50");
    }

    [Fact]
    public void A_piped_table_is_plain_columns_and_strangers_text_cannot_steer_the_terminal()
    {
        using var output = new StringWriter();
        var table = new TextTable("id", "count", "text").Numbers(1);
        table.Add("a", "1", "x\u001b[31m\r\n\0y");
        table.Add("bb", "1,000", "z");

        table.Write(new Shell { Output = output, Error = TextWriter.Null, Input = TextReader.Null });

        output.ToString().ShouldBe("id  count  text\na       1  x [31m   y\nbb  1,000  z\n");
    }

    private static int Lines(StringWriter writer) => writer.ToString().Count(letter => letter is '\n');

    private static CollectionStatus Status() => new()
    {
        CollectionId = "abc",
        State = CollectionState.CompleteWithGaps,
        Requests = new() { Sent = 14, Ok = 12, Failed = 2 },
        Records = new() { Received = 1000, New = 900, Updated = 100, Unattributed = 3, Quarantined = 1 },
        Days = new() { Complete = 83, Gap = 7 },
        Gaps = { new Gap { Days = new() { From = "2026-01-01", To = "2026-01-07" }, Reason = GapReason.BlackoutSuspect, Class = ClauseClass.Hashtag, Clauses = { "#dkpol", "grønt" }, LogIds = { "2026A" } } },
        Inputs = { new InputResult { Input = "#dkpol", Result = InputOutcome.Ok }, new InputResult { Input = "@x", Result = InputOutcome.Refused, Reason = "user_not_found" } },
        Quota = new() { Used = 14, Limit = 1000, ResetsAt = new DateTimeOffset(2026, 11, 23, 0, 0, 35, TimeSpan.Zero).ToTimestamp() },
        Elapsed = Duration.FromTimeSpan(TimeSpan.FromSeconds(12.5)),
        Spec = new() { Terms = { "#dkpol" }, Days = new() { From = "2026-01-01", To = "2026-03-31" } },
    };
}
