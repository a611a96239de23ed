using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh quota</c>: today's budgets, how they are shared out, and what refreshes will need of them.</summary>
internal static class QuotaCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("quota", "What is used and left today; asks TikTok nothing") { QuotaPolicyCommand.Create(common), QuotaForecastCommand.Create(common) };
        Verb.Runs(command, common, "quota", async (verb, cancellationToken) =>
        {
            var answer = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.QuotaGovernor.GetQuotaAsync(new(), cancellationToken: stopping), cancellationToken);
            verb.Write(() => new QuotaListJson
            {
                Quotas =
                [
                    .. answer.Quotas.Select(quota => new AccountQuotaJson
                    {
                        Account = quota.Account,
                        Bucket = Words.Of(quota.Bucket),
                        Day = quota.Day,
                        Used = quota.Used,
                        Limit = quota.Limit,
                        ResetsAt = quota.ResetsAt?.ToDateTimeOffset(),
                        InFlight = quota.InFlight,
                        Kept = quota.Kept,
                        Policy = QuotaPolicyCommand.ToJson(quota.Policy ?? new()),
                    }),
                ],
            });
            if (!verb.Json)
            {
                var now = verb.Shell.Clock.GetUtcNow();
                var table = new TextTable("account", "bucket", "day", "used", "left", "kept", "limit", "background", "opens again").Numbers(3, 4, 5, 6);
                foreach (var quota in answer.Quotas)
                {
                    table.Add(
                        quota.Account,
                        Words.Of(quota.Bucket),
                        quota.Day,
                        CollectionText.Number(quota.Used),
                        CollectionText.Number(Math.Max(0, quota.Limit - quota.Used)),
                        CollectionText.Number(quota.Kept),
                        CollectionText.Number(quota.Limit),
                        QuotaPolicyCommand.Background(quota.Policy ?? new()),
                        quota.ResetsAt?.ToDateTimeOffset() is { } opens ? $"in {CollectionText.Span(opens - now)}, {CollectionText.Clock(opens, now)}" : "");
                }

                table.Write(verb.Shell);
                foreach (var (quota, caps) in answer.Quotas.Select(quota => (quota, QuotaPolicyCommand.Caps(quota.Policy ?? new()))).Where(each => each.Item2.Length > 0))
                {
                    verb.Shell.Output.WriteLine($"caps of {quota.Account}, {Words.Of(quota.Bucket)}, in units a day: {TextTable.Visible(caps)}");
                }
            }

            return ExitCode.Complete;
        });
        return command;
    }
}
