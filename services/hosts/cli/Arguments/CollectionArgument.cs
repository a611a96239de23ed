using System.CommandLine;
using IssueObservatory.Mesh.Cli.Commands;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>The argument COLLECTION: a whole id, its beginning, or nothing for the newest.</summary>
internal sealed class CollectionArgument
{
    private const int PageSize = 1000;

    private readonly Argument<string?> argument;

    /// <summary>Adds it to a command; the help says what is meant when it is left out.</summary>
    public CollectionArgument(Command command, bool required, string leftOut = "the newest")
    {
        argument = new Argument<string?>("COLLECTION")
        {
            Arity = required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
            Description = required ? "Its id, or the beginning of it" : $"Its id, or the beginning of it (default: {leftOut})",
        };
        command.Arguments.Add(argument);
    }

    /// <summary>What was typed; null when nothing was.</summary>
    public string? Typed(ParseResult parsed) => parsed.GetValue(argument);

    /// <summary>The id that is meant.</summary>
    public Task<string> FindAsync(Verb verb, CancellationToken cancellationToken) => FindAsync(verb, Typed(verb.Parsed), "COLLECTION", cancellationToken);

    /// <summary>The id that is meant by what was typed; <paramref name="name"/> is what the argument is called.</summary>
    public static async Task<string> FindAsync(Verb verb, string? typed, string name, CancellationToken cancellationToken)
    {
        if (typed is not null && await IsIdAsync(verb, typed, cancellationToken))
        {
            return typed;
        }

        var found = await verb.Mesh.AskAsync(
            async (mesh, stopping) => await mesh.Arena.ListCollectionsAsync(new() { PageSize = typed is null ? 1 : PageSize }, cancellationToken: stopping),
            cancellationToken);
        if (typed is null)
        {
            return found.Collections.FirstOrDefault()?.CollectionId ?? throw CommandRefusedException.BadInput($"{name} is needed: there is none here yet; `mesh collect` starts one");
        }

        return found.Collections.Where(collection => collection.CollectionId.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ToList() switch
        {
            [var only] when typed.Length > 0 => only.CollectionId,
            { Count: > 1 } => throw CommandRefusedException.BadInput($"{name} '{typed}' is the beginning of several ids; allowed is one that `mesh list` shows"),
            _ => throw CommandRefusedException.BadInput($"{name} '{typed}' is not known here; allowed is one that `mesh list` shows"),
        };
    }

    /// <summary>Where it stands.</summary>
    public async Task<CollectionStatus> GetAsync(Verb verb, CancellationToken cancellationToken)
    {
        var id = await FindAsync(verb, cancellationToken);
        return await verb.Mesh.AskAsync(async (mesh, stopping) => (await mesh.Arena.GetCollectionAsync(new() { CollectionId = id }, cancellationToken: stopping)).Status, cancellationToken);
    }

    private static async Task<bool> IsIdAsync(Verb verb, string typed, CancellationToken cancellationToken)
    {
        try
        {
            await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.Arena.GetCollectionAsync(new() { CollectionId = typed }, cancellationToken: stopping), cancellationToken);
            return true;
        }
        catch (MeshException unknown) when (unknown.Reason is ErrorReason.NotFound or ErrorReason.BadInput)
        {
            return false;
        }
    }
}
