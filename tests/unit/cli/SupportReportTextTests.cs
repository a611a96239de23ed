using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Cli;

public sealed class SupportReportTextTests
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_report_can_be_pasted_as_it_is_and_holds_nothing_of_the_labs_own_notes()
    {
        using var output = new StringWriter();

        SupportReportText.Write(output, Report());

        const string Expected = """
            TikTok Research API: what did not work as documented. Made 2026-04-01 12:00:00; all days and times are UTC.

            Requests went to the endpoints that are named below by their paths, each with a client access token whose lifetime, as it was named when the token
            was issued, had not ended. Later pages of a search were asked for with the cursor and the search_id of the page before.

            Days without an answer
            /v2/research/video/query/ answers internal_error (HTTP 500) to queries over these days, while other requests are answered.
            - 2026-01-24 … 2026-02-09, queries by hashtag_name (filed before)
              9 days tested with 12 requests, 8 days between them not tested
              first seen 2026-04-01 11:00:00, last seen 2026-04-01 12:00:00
              log_id d1, d2

            Access tokens that were refused before the end of their lifetime
            A credential that was revoked looks the same to us, and so does a token that a newer one has replaced.
            - 2026-04-01, /v2/research/user/followers/: 1 time
              answer access_token_invalid, first seen 2026-04-01 12:00:00, last seen 2026-04-01 12:00:00
              log_id t1

            Searches that were lost on a later page
            Their first page was answered; a later one was refused, failed or stayed empty however often it was asked for. log_ids are those of the last try.
            - 2026-04-01, /v2/research/video/query/, queries by keyword: 1,200 times
              asked for days in 2026-01-01 … 2026-01-31
              answer invalid_params, cut, first seen 2026-04-01 11:00:00, last seen 2026-04-01 12:00:00
              no log_id: no answer came that could be read

            """;
        output.ToString().ShouldBe(Expected.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Parts_without_anything_to_tell_are_left_out()
    {
        using var output = new StringWriter();
        var report = Report();
        report.Blackouts.Clear();
        report.Incidents.RemoveAt(0);

        SupportReportText.Write(output, report);

        output.ToString().ShouldContain("Searches that were lost");
        output.ToString().ShouldNotContain("Days without");
        output.ToString().ShouldNotContain("Access tokens that");
    }

    [Fact]
    public void Strangers_text_cannot_steer_the_terminal()
    {
        using var output = new StringWriter();
        var report = Report();
        report.Incidents[0].LogIds.Add("x\u001b[31m");
        report.Incidents[0].Codes.Add("y\r\n");

        SupportReportText.Write(output, report);

        output.ToString().ShouldContain("t1, x [31m\n");
        output.ToString().ShouldContain("access_token_invalid, y  ,");
    }

    [Fact]
    public void The_last_filing_is_told_with_its_answers_or_that_there_are_none_yet()
    {
        var report = Report();
        SupportReportText.LastFiled(new()).ShouldBeNull();
        SupportReportText.LastFiled(report).ShouldBe("filed 2026-04-01 12:00:00 (ticket 4711), not answered yet");

        report.Filed[0].Answers.Add(Note("will be mended"));

        SupportReportText.LastFiled(report).ShouldBe("filed 2026-04-01 12:00:00 (ticket 4711), answered 2026-04-01 12:00:00 (will be mended)");
    }

    [Fact]
    public void The_command_that_files_a_report_names_its_moment_and_there_is_none_when_all_was_filed_before()
    {
        var report = Report();
        SupportReportText.ToFile(report).ShouldBe("mesh support-report --filed TICKET --made-at 2026-04-01T12:00:00Z");
        report.MadeAt = Noon.AddMilliseconds(40).ToTimestamp();
        SupportReportText.ToFile(report).ShouldBe("mesh support-report --filed TICKET --made-at 2026-04-01T12:00:00.04Z");

        report.Incidents.Clear();

        SupportReportText.ToFile(report).ShouldBeNull();
    }

    [Fact]
    public void As_json_a_report_has_exactly_this_shape()
    {
        using var output = new StringWriter();
        var report = Report();
        report.Filed[0].Answers.Add(Note("ok"));

        JsonLine.Write(output, SupportReportJson.Of(report));

        const string Expected = """
            {"made_at":"2026-04-01T12:00:00Z","blackouts":[{"blackout":{"class":"hashtag","from":"2026-01-24","to":"2026-02-09","state":"dark","verified_days":9,"suspect_days":8,
            "first_seen":"2026-04-01T11:00:00Z","last_seen":"2026-04-01T12:00:00Z","tries":12,"log_ids":["d1","d2"]},"filed":true}],
            "incidents":[{"kind":"token_refused_early","endpoint":"followers","path":"/v2/research/user/followers/","class":null,"day":"2026-04-01","from":null,"to":null,"count":1,
            "first_seen":"2026-04-01T12:00:00Z","last_seen":"2026-04-01T12:00:00Z","codes":["access_token_invalid"],"log_ids":["t1"],"filed":false},
            {"kind":"search_lost","endpoint":"video_query","path":"/v2/research/video/query/","class":"keyword","day":"2026-04-01","from":"2026-01-01","to":"2026-01-31","count":1200,
            "first_seen":"2026-04-01T11:00:00Z","last_seen":"2026-04-01T12:00:00Z","codes":["invalid_params","cut"],"log_ids":[],"filed":false}],
            "filed":[{"filed_at":"2026-04-01T12:00:00Z","text":"ticket 4711","answers":[{"answered_at":"2026-04-01T12:00:00Z","text":"ok"}]}],"left_out":3}
            """;
        output.ToString().ShouldBe(Expected.ReplaceLineEndings("") + "\n");
    }

    private static GetSupportReportResponse Report() => new()
    {
        MadeAt = Noon.ToTimestamp(),
        Blackouts =
        {
            new ReportedBlackout
            {
                Filed = true,
                Blackout = new()
                {
                    Class = ClauseClass.Hashtag,
                    Days = new() { From = "2026-01-24", To = "2026-02-09" },
                    State = BlackoutState.Dark,
                    VerifiedDays = 9,
                    SuspectDays = 8,
                    FirstSeen = Noon.AddHours(-1).ToTimestamp(),
                    LastSeen = Noon.ToTimestamp(),
                    LastFound = Noon.ToTimestamp(),
                    Tries = 12,
                    LogIds = { "d1", "d2" },
                },
            },
        },
        Incidents =
        {
            new IncidentGroup
            {
                Kind = IncidentKind.TokenRefusedEarly,
                Endpoint = ApiEndpoint.Followers,
                Path = "/v2/research/user/followers/",
                Day = "2026-04-01",
                Count = 1,
                FirstSeen = Noon.ToTimestamp(),
                LastSeen = Noon.ToTimestamp(),
                Codes = { "access_token_invalid" },
                LogIds = { "t1" },
            },
            new IncidentGroup
            {
                Kind = IncidentKind.SearchLost,
                Endpoint = ApiEndpoint.VideoQuery,
                Path = "/v2/research/video/query/",
                Class = ClauseClass.Keyword,
                Day = "2026-04-01",
                Days = new() { From = "2026-01-01", To = "2026-01-31" },
                Count = 1_200,
                FirstSeen = Noon.AddHours(-1).ToTimestamp(),
                LastSeen = Noon.ToTimestamp(),
                Codes = { "invalid_params", "cut" },
            },
        },
        Filed = { new FiledReport { Filed = Note("ticket 4711") } },
        LeftOut = 3,
    };

    private static SupportNote Note(string text) => new() { NotedAt = Noon.ToTimestamp(), Text = text };
}
