using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>What callers may ask for; everything that is wrong is named at once.</summary>
internal static class QuotaRequests
{
    /// <summary>Characters of a caller's name.</summary>
    public const int LongestCaller = 64;

    private const int LongestAccount = 64;

    /// <summary>A request for a unit in our words.</summary>
    public static QuotaRequest Check(ReserveQuotaRequest request, string labId, QuotaGovernorOptions options)
    {
        List<FieldViolation> violations = [];
        var key = Key(labId, request.Account, request.Bucket, options, violations);
        if (request.Priority is not (Priority.Interactive or Priority.Refresh or Priority.Backfill))
        {
            violations.Add(new("priority", "priority must be PRIORITY_INTERACTIVE, PRIORITY_REFRESH or PRIORITY_BACKFILL."));
        }

        if (!Guid.TryParse(request.RequestId, out var requestId))
        {
            violations.Add(new("request_id", "request_id must be a UUID."));
        }

        if (request.Caller.Length > LongestCaller)
        {
            violations.Add(new("caller", $"caller must be at most {LongestCaller} characters."));
        }

        return violations.Count == 0
            ? new(key, request.Priority, requestId.ToString("N")) { Caller = request.Caller, WantedSince = request.WantedSince?.ToDateTimeOffset() }
            : throw MeshException.BadInput(violations);
    }

    /// <summary>The budget that is meant; what is wrong with it is added to the violations.</summary>
    public static QuotaKey Key(string labId, string account, QuotaBucket bucket, QuotaGovernorOptions options, List<FieldViolation> violations)
    {
        if (account.Length > LongestAccount || !account.All(character => character is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_'))
        {
            violations.Add(new("account", "account must be 1 to 64 characters of a-z, 0-9, - and _."));
        }

        if (bucket is not (QuotaBucket.Research or QuotaBucket.Follow))
        {
            violations.Add(new("bucket", "bucket must be QUOTA_BUCKET_RESEARCH or QUOTA_BUCKET_FOLLOW."));
        }

        return new(labId, account.Length == 0 ? options.DefaultAccount : account, bucket);
    }

    /// <summary>Refuses a report that says nothing.</summary>
    public static void Check(SettleQuotaRequest request)
    {
        List<FieldViolation> violations = [];
        if (request.GrantId.Length == 0)
        {
            violations.Add(new("grant_id", "grant_id must be the id of a grant."));
        }

        if (request.Outcome is < GrantOutcome.Sent or > GrantOutcome.DaySpent)
        {
            violations.Add(new("outcome", "outcome must be one of GRANT_OUTCOME_SENT, _ANSWERED, _UNKNOWN, _NEVER_SENT, _RATE_LIMITED and _DAY_SPENT."));
        }

        if (violations.Count > 0)
        {
            throw MeshException.BadInput(violations);
        }
    }
}
