using System.Text.Json;
using Grpc.Core;
using IssueObservatory.Mesh.Cli;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary><c>mesh support-report</c>: what went wrong, with TikTok's own evidence and nothing of what was asked; told until it is filed.</summary>
public sealed class SupportReportTests
{
    private const string Ticket = "ticket 4711";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> BadInput => new()
    {
        { "--filed cannot be used with --answered", ["--filed", "a", "--answered", "b"] },
        { "--all cannot be used with --filed", ["--filed", "a", "--all"] },
        { "--since cannot be used with --answered", ["--answered", "a", "--since", "2026-01-01"] },
        { "--since is 'yesterday'; allowed is a day such as", ["--since", "yesterday"] },
        { "TEXT must have 1 to 500 characters", ["--filed", ""] },
        { "TEXT must have 1 to 500 characters, not only blanks; 2 were given", ["--filed", "  "] },
        { "TEXT must have 1 to 500 characters, not only blanks; 501 were given", ["--filed", new string('x', 501)] },
        { "--filed needs something to file", ["--filed", "a"] },
        { "--made-at goes with --filed only", ["--made-at", "2026-01-31T12:00:00Z"] },
        { "--made-at is 'noon'; allowed is a time such as", ["--filed", "a", "--made-at", "noon"] },
        { "--made-at must not be after now", ["--filed", "a", "--made-at", "2999-01-31T12:00:00Z"] },
        { "--answered needs a report that was filed before", ["--answered", "thanks"] },
    };

    [Fact]
    public async Task What_went_wrong_is_told_with_its_evidence_until_it_is_filed_and_what_comes_then_is_told_again()
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        (await ReportAsync(lab)).ShouldSatisfyAllConditions(
            nothing => nothing.ExitCode.ShouldBe(0),
            nothing => nothing.Output.ShouldBeEmpty(),
            nothing => nothing.Errors.ShouldBe("Nothing to report to TikTok.\n"));
        lab.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, [SandboxReply.Error(SandboxError.TokenInvalid), .. PageTwoFaults.All["search id lost for good"]]);
        (await lab.RunAsync(Token, lab.CollectTerms())).ExitCode.ShouldBe(0);
        var (refused, lost) = (lab.Queries.Single(query => query.Status == 401).LogId, lab.Queries.Last(query => query.Status == 400).LogId);

        var report = await ReportAsync(lab);
        report.ExitCode.ShouldBe(0, report.Errors);
        report.Output.ShouldContain("Access tokens that were refused before the end of their lifetime");
        report.Output.ShouldContain($"log_id {refused}\n");
        report.Output.ShouldContain("/v2/research/video/query/, queries by hashtag_name: 1 time\n  asked for days in 2026-01-01 … 2026-01-31\n");
        report.Output.ShouldContain($"log_id {lost}\n");
        foreach (var secret in new[] { "dkpol", "opdigtet", "awkey0000000", "canary-secret-4711", lab.Data })
        {
            (report.Output + report.Errors).ShouldNotContain(secret);
        }

        var told = (await ReportAsync(lab, "--json")).Json;
        Groups(told).ShouldBe([("token_refused_early", false), ("search_lost", false)]);

        var filed = await ReportAsync(lab, "--filed", Ticket);
        (filed.ExitCode, filed.Output.Contains(Ticket, StringComparison.Ordinal)).ShouldBe((0, true));
        var after = await ReportAsync(lab);
        (after.ExitCode, after.Output).ShouldBe((0, ""));
        after.Errors.ShouldStartWith("Nothing to report to TikTok (last report: filed ");
        after.Errors.ShouldContain($"({Ticket}), not answered yet); --all shows 2 more that were filed.");
        Groups((await ReportAsync(lab, "--all", "--json")).Json).ShouldBe([("token_refused_early", true), ("search_lost", true)]);
        (await ReportAsync(lab, "--all", "--since", "2999-01-01", "--json")).Json.GetProperty("incidents").GetArrayLength().ShouldBe(0);

        lab.Sandbox.Script.Enqueue(SandboxMatch.FirstPage, SandboxReply.Error(SandboxError.TokenInvalid));
        (await lab.RunAsync(Token, "collect", "terms", "#andet", "--from", "2026-01-01", "--to", "2026-01-02", "--data", lab.Data, "--rate", "0", "--json")).ExitCode.ShouldBe(0);
        var answered = await ReportAsync(lab, "--answered", "will be mended");
        answered.Output.ShouldContain("(will be mended)");
        var again = await ReportAsync(lab);
        again.Output.ShouldContain($"log_id {lab.Queries.Last(query => query.Status == 401).LogId}\n");
        again.Output.ShouldNotContain(refused!);
        again.Output.ShouldNotContain(Ticket);
        again.Errors.ShouldContain($"({Ticket}), answered ");
    }

    [Fact]
    public async Task What_came_after_a_report_was_made_is_told_by_the_next_although_the_first_was_filed_later()
    {
        await using var lab = await MeshLab.WithVideosAsync(1, Token);
        var first = await RefuseAsync("#dkpol");
        var file = (await ReportAsync(lab)).Errors.TrimEnd('\n').Split('\n')[^1];
        var later = await RefuseAsync("#andet");

        file.ShouldMatch(@"^When it is sent: mesh support-report --filed TICKET --made-at \S+Z$");
        string[] filed = ["--filed", Ticket, "--made-at", file.Split(' ')[^1]];
        (await ReportAsync(lab, filed)).ExitCode.ShouldBe(0);

        var next = await ReportAsync(lab);
        next.Output.ShouldContain($"log_id {later}\n");
        next.Output.ShouldNotContain(first);
        (await ReportAsync(lab, filed)).ShouldSatisfyAllConditions(
            again => again.ExitCode.ShouldBe(2),
            again => again.Errors.ShouldBe("mesh: --filed needs something to file: TikTok has been told of everything that was there then\n"));
        (await ReportAsync(lab, "--filed", "b", "--made-at", "2026-01-01T00:00:00Z")).Errors.ShouldContain("--made-at must not be after now, nor before ");
        (await ReportAsync(lab, "--since", "2026-01-01")).Errors.ShouldNotContain("When it is sent");

        async Task<string> RefuseAsync(string term)
        {
            lab.Sandbox.Script.Enqueue(SandboxMatch.FirstPage, SandboxReply.Error(SandboxError.TokenInvalid));
            (await lab.RunAsync(Token, "collect", "terms", term, "--from", "2026-01-01", "--to", "2026-01-02", "--data", lab.Data, "--rate", "0")).ExitCode.ShouldBe(0);
            return lab.Queries.Last(query => query.Status == 401).LogId!;
        }
    }

    [Fact]
    public async Task Days_without_an_answer_are_told_until_they_are_filed()
    {
        var (from, to) = (new DateOnly(2026, 1, 10), new DateOnly(2026, 1, 12));
        await using var lab = await MeshLab.StartAsync(new() { Faults = new() { Blackouts = [new(from, to, "hashtag")] } }, Token);
        (await lab.RunAsync(Token, lab.CollectTerms())).ExitCode.ShouldBe(3);

        var report = await ReportAsync(lab);
        report.Output.ShouldContain("- 2026-01-10 … 2026-01-12, queries by hashtag_name\n");
        var blackout = (await ReportAsync(lab, "--json")).Json.GetProperty("blackouts").EnumerateArray().ShouldHaveSingleItem().GetProperty("blackout");
        var evidence = blackout.GetProperty("log_ids").EnumerateArray().Select(id => id.GetString()!).ToList();
        evidence.ShouldNotBeEmpty();
        evidence.ShouldBeSubsetOf(lab.Queries.Where(query => query.Status == 500).Select(query => query.LogId!));

        (await ReportAsync(lab, "--filed", Ticket)).ExitCode.ShouldBe(0);

        (await ReportAsync(lab)).Output.ShouldBeEmpty();
        (await ReportAsync(lab, "--all")).Output.ShouldContain("queries by hashtag_name (filed before)\n");
    }

    [Theory]
    [MemberData(nameof(BadInput))]
    public async Task Bad_input_is_one_line_that_names_the_argument_and_notes_nothing(string expected, string[] arguments)
    {
        using var folder = new TemporaryFolder();

        var (exitCode, _, errors) = await RunHereAsync(folder, arguments);

        exitCode.ShouldBe(ExitCode.BadInput, errors);
        errors.ShouldStartWith("mesh: ");
        errors.ShouldContain(expected);
        errors.TrimEnd('\n').ShouldNotContain('\n');
        var (_, output, _) = await RunHereAsync(folder, "--json");
        JsonDocument.Parse(output).RootElement.GetProperty("filed").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_note_that_comes_twice_is_one_and_another_under_its_id_is_refused()
    {
        await using var sandbox = await SandboxServer.StartAsync(new() { EmptyWorld = true, Manners = SandboxManners.Polite }, Token);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(MeshCaller.Options(folder, sandbox, TimeProvider.System), Token);
        using var caller = new MeshCaller(mesh);
        sandbox.Script.Enqueue(SandboxMatch.FirstPage, SandboxReply.Error(SandboxError.TokenInvalid));
        await caller.UntilAsync(await caller.SubmitAsync("#dkpol", "2026-01-01", "2026-01-02", Token), status => status.State is CollectionState.Complete, Token);
        var note = new NoteSupportReportRequest { Kind = SupportNoteKind.Filed, Text = Ticket, RequestId = Guid.NewGuid().ToString() };

        var first = await NoteAsync(note);
        (await NoteAsync(note)).ShouldBe(first);

        (await RefusalAsync(() => NoteAsync(new(note) { Text = "another" }))).Reason.ShouldBe(ErrorReason.RequestIdReused);
        (await RefusalAsync(() => NoteAsync(new(note) { MadeAt = new() { Seconds = 1 } }))).Reason.ShouldBe(ErrorReason.RequestIdReused);
        (await RefusalAsync(() => NoteAsync(new(note) { RequestId = "x" }))).Reason.ShouldBe(ErrorReason.BadInput);
        (await RefusalAsync(() => NoteAsync(new()))).Violations.Select(violation => violation.Field).ShouldBe(["kind", "text"]);
        (await RefusalAsync(async () => await caller.Arena.GetSupportReportAsync(new() { Since = new() { Seconds = long.MaxValue } }, caller.Key, cancellationToken: Token))).Violations.ShouldHaveSingleItem().Field.ShouldBe("since");
        (await caller.Arena.GetSupportReportAsync(new(), caller.Key, cancellationToken: Token)).Filed.ShouldHaveSingleItem().Filed.Text.ShouldBe(Ticket);

        async Task<FiledReport> NoteAsync(NoteSupportReportRequest request) => (await caller.Arena.NoteSupportReportAsync(request, caller.Key, cancellationToken: Token)).Report;
    }

    private static Task<ProgramResult> ReportAsync(MeshLab lab, params IEnumerable<string> more) => lab.RunAsync(Token, ["support-report", "--data", lab.Data, .. more]);

    private static async Task<(int ExitCode, string Output, string Errors)> RunHereAsync(TemporaryFolder folder, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var shell = new Shell { Output = output, Error = error, Input = TextReader.Null };
        var exitCode = await MeshCommand.RunAsync(["support-report", "--data", folder.PathOf("data"), .. arguments], shell, Token);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static async Task<MeshError> RefusalAsync(Func<Task> call) => GrpcErrors.Read(await Should.ThrowAsync<RpcException>(call));

    private static IEnumerable<(string?, bool)> Groups(JsonElement report) =>
        report.GetProperty("incidents").EnumerateArray().Select(group => (group.GetProperty("kind").GetString(), group.GetProperty("filed").GetBoolean()));
}
