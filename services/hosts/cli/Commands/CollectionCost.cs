using System.Globalization;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary>What a collection that nobody typed out will cost, told before anything is spent.</summary>
internal static class CollectionCost
{
    /// <summary>Says it, and asks on a terminal unless <paramref name="yes"/>. Without a terminal somebody must have said yes before.</summary>
    public static async Task<bool> IsAcceptedAsync(Verb verb, CollectionSpec spec, bool yes, CancellationToken cancellationToken)
    {
        var cost = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.Arena.EstimateCollectionAsync(new() { Spec = spec }, cancellationToken: stopping), cancellationToken);
        if (cost.Lists == 0)
        {
            return true;
        }

        var quotas = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.QuotaGovernor.GetQuotaAsync(new(), cancellationToken: stopping), cancellationToken);
        verb.Shell.Say(Tell(cost, quotas.Quotas.FirstOrDefault(quota => quota.Bucket == cost.Bucket)?.Limit ?? 0));
        return yes || await IsAcceptedAsync(verb, "`mesh estimate` with the same arguments", cancellationToken);
    }

    /// <summary>Asks on a terminal; elsewhere <paramref name="instead"/> is what tells the cost and spends nothing.</summary>
    public static async Task<bool> IsAcceptedAsync(Verb verb, string instead, CancellationToken cancellationToken)
    {
        if (!verb.Shell.InputIsTerminal || !verb.Shell.ErrorIsTerminal)
        {
            throw CommandRefusedException.BadInput($"--yes is needed where nobody can be asked; allowed is --yes, or {instead}");
        }

        verb.Shell.Error.Write("Go on? [y/N] ");
        return (await verb.Shell.Input.ReadLineAsync(cancellationToken))?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>E.g. <c>120 lists, likely 140 units: 14 % of a day's quota.</c></summary>
    public static string Tell(EstimateCollectionResponse cost, long limit) => string.Create(
        CultureInfo.InvariantCulture,
        $"{CollectionText.Counted(cost.Lists, "list")}, likely {CollectionText.Counted(cost.LikelyUnits, "unit")}{(limit > 0 ? $": {100.0 * cost.LikelyUnits / limit:0.#} % of a day's quota" : "")}.");
}
