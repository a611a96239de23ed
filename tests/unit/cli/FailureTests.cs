using IssueObservatory.Mesh.Cli;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Cli;

public sealed class FailureTests
{
    [Theory]
    [InlineData("spec.days.from", "--from")]
    [InlineData("spec.days.to", "--to")]
    [InlineData("spec.days", "--from/--to")]
    [InlineData("spec.terms[1]", "TERM 2")]
    [InlineData("spec.terms", "TERM")]
    [InlineData("spec.actors[0]", "NAME|URL 1")]
    [InlineData("spec.regions[3]", "--region")]
    [InlineData("spec.fields[0]", "--fields")]
    [InlineData("spec.query_json", "FILE")]
    [InlineData("spec.query_json.and[0].field_name", "FILE")]
    [InlineData("spec.labels[key]", "--label")]
    [InlineData("collection_id", "COLLECTION")]
    [InlineData("something.else", "something.else")]
    public void A_field_is_named_as_the_argument_that_was_typed(string field, string argument) => ArgumentNames.Of(field).ShouldBe(argument);

    [Theory]
    [InlineData("spec.max_units", "spec.max_units must be 0 or more.", "--max-units must be 0 or more")]
    [InlineData("spec.max_units", "max_units must be 0 or more.", "--max-units must be 0 or more")]
    [InlineData("spec.regions[0]", "'XX' is no region; DK is.", "--region: 'XX' is no region; DK is")]
    [InlineData("spec.days.from", "days.from 'soon' is not a date.", "--from 'soon' is not a date")]
    [InlineData("spec.days", "--from 2026-03-31 lies after --to.", "--from 2026-03-31 lies after --to")]
    [InlineData("spec.sample", "sample cannot be used with `max_results`; `mesh cancel` ends it", "--sample cannot be used with --max-results; `mesh cancel` ends it")]
    [InlineData("spec.days.to", "days.to cannot be used with `standing`", "--to cannot be used with --follow")]
    [InlineData("kind", "`SUPPORT_NOTE_KIND_FILED` needs something to file", "--filed needs something to file")]
    [InlineData("spec.terms[0]", "TERM '#' has a # alone.", "TERM '#' has a # alone")]
    public void A_violation_is_one_sentence_about_the_argument(string field, string description, string expected) =>
        ArgumentNames.Explain([new(field, description)]).ShouldBe(expected);

    [Fact]
    public void Every_violation_is_in_the_one_line()
    {
        var failure = Failure.Explain(MeshException.BadInput([new("spec.terms[0]", "is\nempty."), new("spec.tier", "is unknown.")]), CancellationToken.None)!;

        failure.ExitCode.ShouldBe(ExitCode.BadInput);
        failure.Message.ShouldBe("TERM 1: is empty; --tier: is unknown");
    }

    [Theory]
    [InlineData(ErrorReason.BadInput, 2)]
    [InlineData(ErrorReason.TierUnavailable, 2)]
    [InlineData(ErrorReason.NotFound, 2)]
    [InlineData(ErrorReason.NoCredential, 1)]
    [InlineData(ErrorReason.CredentialRejected, 1)]
    [InlineData(ErrorReason.StateForbids, 1)]
    [InlineData(ErrorReason.Unauthenticated, 1)]
    [InlineData(ErrorReason.Internal, 1)]
    [InlineData(ErrorReason.QuotaExhausted, 4)]
    public void Each_reason_has_its_exit_code(ErrorReason reason, int exitCode) =>
        Failure.Explain(new MeshException(reason, "No."), CancellationToken.None)!.ExitCode.ShouldBe(exitCode);

    [Theory]
    [InlineData(CollectionState.Complete, 0)]
    [InlineData(CollectionState.Failed, 1)]
    [InlineData(CollectionState.CompleteWithGaps, 3)]
    [InlineData(CollectionState.WaitingForQuota, 4)]
    [InlineData(CollectionState.Cancelled, 5)]
    public void Each_end_of_a_collection_has_its_exit_code(CollectionState state, int exitCode) => new CollectionStatus { State = state }.ToExitCode().ShouldBe(exitCode);

    [Fact]
    public void An_interruption_is_told_as_one_and_a_defect_shows_itself()
    {
        using var interrupted = new CancellationTokenSource();
        Failure.Explain(new OperationCanceledException(), interrupted.Token).ShouldBeNull();
        interrupted.Cancel();
        Failure.Explain(new OperationCanceledException(), interrupted.Token)!.ExitCode.ShouldBe(130);
        Failure.Explain(new InvalidOperationException(), interrupted.Token).ShouldBeNull();
    }
}
