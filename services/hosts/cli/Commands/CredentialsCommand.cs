using System.CommandLine;
using System.Globalization;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh credentials</c>: the lab's keys for the Research API.</summary>
internal static class CredentialsCommand
{
    public static Command Create(CommonOptions common) => new("credentials", "The lab's keys for the Research API")
    {
        Add(common), List(common), Check(common), Disable(common),
    };

    private static Command Add(CommonOptions common)
    {
        var id = new Option<string>("--id") { HelpName = "ID", Description = "Name of the credential (default: default); an existing one is replaced" };
        var account = new Option<string>("--account") { HelpName = "NAME", Description = "The organisation that shares one quota (default: default)" };
        var key = new Option<string>("--client-key") { HelpName = "KEY", Description = "TikTok's client key", Required = true };
        var command = new Command("add", "Store a client key and its secret, encrypted; asks TikTok nothing") { id, account, key };
        var secret = new SecretInput(command);
        Verb.Runs(
            command,
            common,
            "credentials add",
            (parsed, _) => secret.Read(parsed, common.Shell, "Client secret (not shown): "),
            async (verb, typed, cancellationToken) =>
            {
                var answer = await verb.Mesh.AskAsync(
                    async (mesh, stopping) => await mesh.TokenBroker.PutCredentialAsync(
                        new()
                        {
                            CredentialId = verb.Parsed.GetValue(id) ?? "",
                            Account = verb.Parsed.GetValue(account) ?? "",
                            ClientKey = verb.Parsed.GetValue(key) ?? "",
                            ClientSecret = typed.Reveal(),
                        },
                        cancellationToken: stopping),
                    cancellationToken);
                return Tell(verb, answer.Credential, "is stored; `mesh credentials check` tries it");
            });
        return command;
    }

    /// <summary>Every credential of the lab.</summary>
    internal static async Task<IReadOnlyList<Credential>> ListAsync(Verb verb, CancellationToken cancellationToken)
    {
        List<Credential> credentials = [];
        var request = new ListCredentialsRequest();
        do
        {
            var page = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.TokenBroker.ListCredentialsAsync(request, cancellationToken: stopping), cancellationToken);
            credentials.AddRange(page.Credentials);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        return credentials;
    }

    private static Command List(CommonOptions common)
    {
        var command = new Command("list", "Every credential, without its secret");
        Verb.Runs(command, common, "credentials list", async (verb, cancellationToken) =>
        {
            var credentials = await ListAsync(verb, cancellationToken);
            verb.Write(() => new CredentialListJson { Credentials = [.. credentials.Select(ToJson)] });
            if (!verb.Json)
            {
                var table = new TextTable("id", "account", "client key", "state", "changed");
                foreach (var credential in credentials)
                {
                    table.Add(credential.CredentialId, credential.Account, credential.ClientKeyHint, Words.Of(credential.State), credential.UpdatedAt?.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "");
                }

                table.Write(verb.Shell);
            }

            return ExitCode.Complete;
        });
        return command;
    }

    private static Command Check(CommonOptions common)
    {
        var id = new Argument<string?>("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "Which (default: the first)" };
        var command = new Command("check", "Ask TikTok for a token with a credential; costs no quota") { id };
        Verb.Runs(command, common, "credentials check", async (verb, cancellationToken) =>
        {
            var request = new CheckCredentialRequest { CredentialId = verb.Parsed.GetValue(id) ?? "" };
            var answer = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.TokenBroker.CheckCredentialAsync(request, cancellationToken: stopping), cancellationToken);
            verb.Write(() => new CredentialCheckJson
            {
                Accepted = answer.Accepted,
                ErrorCode = answer.ErrorCode is { Length: > 0 } code ? code : null,
                LogId = answer.LogId is { Length: > 0 } log ? log : null,
                LifetimeSeconds = answer.Lifetime?.ToTimeSpan().TotalSeconds,
            });
            if (!answer.Accepted)
            {
                verb.Shell.Say($"mesh: TikTok refuses the client key or its secret ({TextTable.Visible(answer.ErrorCode)}{(answer.LogId.Length > 0 ? $", log_id {TextTable.Visible(answer.LogId)}" : "")}); `mesh credentials add` replaces it");
                return ExitCode.Failed;
            }

            if (!verb.Json)
            {
                verb.Shell.Output.WriteLine($"TikTok accepts it; the token lives for {CollectionText.Span(answer.Lifetime?.ToTimeSpan() ?? TimeSpan.Zero)}.");
            }

            return ExitCode.Complete;
        });
        return command;
    }

    private static Command Disable(CommonOptions common)
    {
        var id = new Argument<string>("ID") { Description = "Which" };
        var command = new Command("disable", "Stop the use of a credential at once; `add` makes it usable again") { id };
        Verb.Runs(command, common, "credentials disable", async (verb, cancellationToken) =>
        {
            var request = new DisableCredentialRequest { CredentialId = verb.Parsed.GetValue(id) };
            var answer = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.TokenBroker.DisableCredentialAsync(request, cancellationToken: stopping), cancellationToken);
            return Tell(verb, answer.Credential, "is used no more");
        });
        return command;
    }

    private static int Tell(Verb verb, Credential credential, string what)
    {
        verb.Write(() => ToJson(credential));
        if (!verb.Json)
        {
            verb.Shell.Output.WriteLine($"Credential {credential.CredentialId} of account {credential.Account} ({credential.ClientKeyHint}) {what}.");
        }

        return ExitCode.Complete;
    }

    private static CredentialJson ToJson(Credential credential) => new()
    {
        CredentialId = credential.CredentialId,
        Account = credential.Account,
        ClientKeyHint = credential.ClientKeyHint,
        State = Words.Of(credential.State),
        UpdatedAt = credential.UpdatedAt?.ToDateTimeOffset(),
    };
}
