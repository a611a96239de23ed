using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli;

/// <summary>What went wrong, in one line and an exit code.</summary>
/// <param name="ExitCode">For the shell.</param>
/// <param name="Reason">For a program, e.g. <c>BAD_INPUT</c>.</param>
/// <param name="Message">For a person, one line.</param>
internal sealed record Failure(int ExitCode, string Reason, string Message)
{
    /// <summary>What an exception tells; null when it is a defect that should show itself.</summary>
    public static Failure? Explain(Exception exception, CancellationToken interrupted) => exception switch
    {
        OperationCanceledException when interrupted.IsCancellationRequested => new(Cli.ExitCode.Interrupted, "INTERRUPTED", "interrupted; the same command goes on where it stopped"),
        CommandRefusedException refused => new(refused.ExitCode, refused.ExitCode == Cli.ExitCode.BadInput ? "BAD_INPUT" : "FAILED", refused.Message),
        MeshException refused => Explain(refused),
        DataFolderException refused => new(Cli.ExitCode.Failed, "DATA_FOLDER", $"--data: {refused.Message.ReplaceLineEndings(" ").TrimEnd('.')}"),
        _ when StartFailure.Explain(exception) is { Count: > 0 } lines => new(Cli.ExitCode.Failed, "FAILED", string.Join("; ", lines.Select(line => line.ReplaceLineEndings(" ")))),
        _ => null,
    };

    private static Failure Explain(MeshException refused) => refused.Reason switch
    {
        ErrorReason.BadInput when refused.Violations.Count > 0 => new(Cli.ExitCode.BadInput, "BAD_INPUT", ArgumentNames.Explain(refused.Violations)),
        ErrorReason.BadInput => new(Cli.ExitCode.BadInput, "BAD_INPUT", OneLine(refused)),
        ErrorReason.NotFound => new(Cli.ExitCode.BadInput, "NOT_FOUND", OneLine(refused)),
        ErrorReason.TierUnavailable => new(Cli.ExitCode.BadInput, "TIER_UNAVAILABLE", ArgumentNames.Explain([new("spec.tier", refused.Message)])),
        ErrorReason.NoCredential => new(Cli.ExitCode.Failed, "NO_CREDENTIAL", With(OneLine(refused), "`mesh credentials add` stores one, or set TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET")),
        ErrorReason.CredentialRejected => new(Cli.ExitCode.Failed, "CREDENTIAL_REJECTED", With(OneLine(refused), "`mesh credentials add` replaces it")),
        ErrorReason.QuotaExhausted => new(Cli.ExitCode.WaitingForQuota, "QUOTA_EXHAUSTED", OneLine(refused)),
        ErrorReason.Unauthenticated => new(Cli.ExitCode.Failed, "UNAUTHENTICATED", "--key-file holds no key that the mesh knows"),
        var reason => new(Cli.ExitCode.Failed, Words.Upper(reason), OneLine(refused)),
    };

    // The mesh may have said already what helps.
    private static string With(string message, string advice) => message.Contains("mesh credentials add", StringComparison.Ordinal) ? message : $"{message}; {advice}";

    private static string OneLine(MeshException refused) => refused.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
