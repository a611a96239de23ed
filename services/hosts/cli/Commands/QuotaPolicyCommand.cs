using System.CommandLine;
using System.Globalization;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh quota policy</c>: how a budget is shared out; without a change it is only shown.</summary>
internal static class QuotaPolicyCommand
{
    private const string Nobody = "none";

    public static Command Create(CommonOptions common)
    {
        var account = new Option<string>("--account") { HelpName = "NAME", Description = "Which account's budget (default: the first)" };
        var bucket = OptionOf.Word("--bucket", "Which budget: research, or follow for followers and following (default: research)", "research", "follow");
        var mode = OptionOf.Word("--mode", "burst: background work as fast as TikTok allows; paced: spread over the day", "burst", "paced");
        var perHour = OptionOf.Whole("--per-hour", "Requests an hour for background work when paced", 1, 18_000);
        var interactive = OptionOf.Number("--interactive-share", "SHARE", "Share of the day kept for interactive work until its need has been learned, 0–1; 0 keeps nothing, ever", 0, 1);
        var refresh = OptionOf.Number("--refresh-share", "SHARE", "Share of the day that refreshes may take before it when deadlines press, 0–1; both together at most 1", 0, 1);
        var caps = OptionOf.List("--caps", "CALLER=N,…", "Units a day that callers may use, all of them at once; none takes the caps away");
        var weights = OptionOf.List("--weights", "CALLER=N,…", "Parts that callers get when several want the same units (default 1); none takes the weights away");
        var command = new Command("policy", "Show how a budget is shared out, or change what is named") { account, bucket, mode, perHour, interactive, refresh, caps, weights };
        Verb.Runs(
            command,
            common,
            "quota policy",
            (parsed, _) =>
            {
                var request = new UpdatePolicyRequest
                {
                    Account = parsed.GetValue(account) ?? "",
                    Bucket = parsed.GetValue(bucket) is "follow" ? QuotaBucket.Follow : QuotaBucket.Research,
                    Policy = new(),
                    UpdateMask = new(),
                };
                Set(mode, "mode", value => request.Policy.Mode = value is "burst" ? PacingMode.Burst : PacingMode.Paced);
                Set(perHour, "background_per_hour", value => request.Policy.BackgroundPerHour = (int)value);
                Set(interactive, "interactive_share", value => request.Policy.InteractiveShare = value);
                Set(refresh, "refresh_share", value => request.Policy.RefreshShare = value);
                Set(caps, "caller_caps", value => request.Policy.CallerCaps.Add(Callers<long>("--caps", value!, text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var units) ? units : null)));
                Set(weights, "caller_weights", value => request.Policy.CallerWeights.Add(Callers<double>("--weights", value!, text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parts) ? parts : null)));
                return request;

                void Set<T>(Option<T> option, string field, Action<T> set)
                {
                    if (parsed.GetResult(option) is not null)
                    {
                        request.UpdateMask.Paths.Add(field);
                        set(parsed.GetValue(option)!);
                    }
                }
            },
            async (verb, request, cancellationToken) =>
            {
                var changes = request.UpdateMask.Paths.Count > 0;
                var answer = changes
                    ? await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.QuotaGovernor.UpdatePolicyAsync(request, cancellationToken: stopping), cancellationToken)
                    : new() { Quota = await FindAsync(verb, request, cancellationToken) };
                var quota = answer.Quota;
                verb.Write(() => new QuotaPolicyResultJson { Account = quota.Account, Bucket = Words.Of(quota.Bucket), Policy = ToJson(quota.Policy) });
                if (!verb.Json)
                {
                    Write(verb.Shell.Output, quota);
                }

                if (Unheard(request, quota) is { Count: > 0 } unheard)
                {
                    verb.Shell.Say($"mesh: set; no caller {string.Join(" or ", unheard.Select(caller => $"'{TextTable.Visible(caller)}'"))} has used this budget in the last 28 days ({(quota.Callers.Count == 0 ? "nobody has" : $"these have: {TextTable.Visible(string.Join(", ", quota.Callers))}")})");
                }

                foreach (var share in answer.Moved)
                {
                    verb.Shell.Say($"mesh: set; the {share.Replace('_', ' ')}, which nobody has set, is {Text(share is "refresh_share" ? quota.Policy.RefreshShare : quota.Policy.InteractiveShare)} now: together they are at most 1");
                }

                if (changes && request.Account.Length > 0)
                {
                    WarnOfNoCredential(verb.Shell, quota.Account, await CredentialsCommand.ListAsync(verb, cancellationToken));
                }

                return ExitCode.Complete;
            });
        return command;
    }

    /// <summary>A budget can be shared out before its account has a credential; or the name was mistyped.</summary>
    private static void WarnOfNoCredential(Shell shell, string account, IReadOnlyList<Credential> credentials)
    {
        List<string> accounts = [.. credentials.Select(credential => credential.Account).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (!accounts.Contains(account, StringComparer.Ordinal))
        {
            shell.Say($"mesh: set; no credential is of account '{account}' ({(accounts.Count == 0 ? "there is none" : $"there are some of: {string.Join(", ", accounts)}")})");
        }
    }

    /// <summary>Callers that a change names and that have never been heard of: mistyped, or still to come.</summary>
    internal static IReadOnlyList<string> Unheard(UpdatePolicyRequest request, QuotaStatus quota) =>
        [.. request.Policy.CallerCaps.Keys.Concat(request.Policy.CallerWeights.Keys).Except(quota.Callers, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Caps in a line, e.g. <c>local 10</c>; empty when there are none.</summary>
    internal static string Caps(QuotaPolicy policy) =>
        string.Join(", ", policy.CallerCaps.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key} {CollectionText.Number(each.Value)}"));

    /// <summary>A policy as JSON.</summary>
    public static QuotaPolicyJson ToJson(QuotaPolicy policy) => new()
    {
        Mode = Words.Of(policy.Mode),
        BackgroundPerHour = policy.BackgroundPerHour,
        InteractiveShare = policy.InteractiveShare,
        RefreshShare = policy.RefreshShare,
        CallerCaps = new SortedDictionary<string, long>(policy.CallerCaps, StringComparer.Ordinal),
        CallerWeights = new SortedDictionary<string, double>(policy.CallerWeights, StringComparer.Ordinal),
    };

    /// <summary>How background work is spread, in a word or two.</summary>
    public static string Background(QuotaPolicy policy) =>
        policy.Mode is PacingMode.Paced ? $"{CollectionText.Number(policy.BackgroundPerHour)} an hour" : Words.Of(policy.Mode);

    private static async Task<QuotaStatus> FindAsync(Verb verb, UpdatePolicyRequest asked, CancellationToken cancellationToken)
    {
        var answer = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.QuotaGovernor.GetQuotaAsync(new(), cancellationToken: stopping), cancellationToken);
        var ofBucket = answer.Quotas.Where(quota => quota.Bucket == asked.Bucket).ToList();
        return ofBucket.FirstOrDefault(quota => asked.Account.Length == 0 || quota.Account == asked.Account)
            ?? throw CommandRefusedException.BadInput($"--account is '{asked.Account}'; there is {string.Join(", ", ofBucket.Select(quota => quota.Account))}");
    }

    private static void Write(TextWriter output, QuotaStatus quota)
    {
        var policy = quota.Policy;
        output.WriteLine($"budget             {quota.Account}, {Words.Of(quota.Bucket)}, {CollectionText.Counted(quota.Limit, "unit")} a day");
        output.WriteLine($"background         {Background(policy)}");
        output.WriteLine($"interactive share  {Text(policy.InteractiveShare)}, {CollectionText.Counted(quota.Kept, "unit")} kept now");
        output.WriteLine($"refresh share      {Text(policy.RefreshShare)}");
        foreach (var (caller, cap) in policy.CallerCaps.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"cap                {TextTable.Visible(caller)}: {CollectionText.Counted(cap, "unit")} a day");
        }

        foreach (var (caller, weight) in policy.CallerWeights.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"weight             {TextTable.Visible(caller)}: {Text(weight)}");
        }
    }

    private static Dictionary<string, T> Callers<T>(string option, IReadOnlyList<string> values, Func<string, T?> read)
        where T : struct
    {
        Dictionary<string, T> callers = new(StringComparer.Ordinal);
        foreach (var value in values is [Nobody] ? [] : values)
        {
            if (value.LastIndexOf('=') is not (> 0 and var equals) || read(value[(equals + 1)..]) is not { } number || !callers.TryAdd(value[..equals], number))
            {
                throw CommandRefusedException.BadInput($"{option} has '{value}'; allowed is CALLER=N, each caller once, separated by commas, or {Nobody}");
            }
        }

        return callers;
    }

    private static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
