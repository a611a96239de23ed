using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>What callers may ask for; everything that is wrong is named at once.</summary>
internal static class QuotaRequests
{
    private const int LongestAccount = 64;

    /// <summary>A request for a unit in our words.</summary>
    public static QuotaRequest Check(ReserveQuotaRequest request, string labId, QuotaGovernorOptions options)
    {
        var account = request.Account.Length == 0 ? options.DefaultAccount : request.Account;
        List<FieldViolation> violations = [];
        if (account.Length > LongestAccount || !account.All(character => character is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_'))
        {
            violations.Add(new("account", "account must be 1 to 64 characters of a-z, 0-9, - and _."));
        }

        if (request.Bucket is not (QuotaBucket.Research or QuotaBucket.Follow))
        {
            violations.Add(new("bucket", "bucket must be QUOTA_BUCKET_RESEARCH or QUOTA_BUCKET_FOLLOW."));
        }

        if (request.Priority is not (Priority.Interactive or Priority.Refresh or Priority.Backfill))
        {
            violations.Add(new("priority", "priority must be PRIORITY_INTERACTIVE, PRIORITY_REFRESH or PRIORITY_BACKFILL."));
        }

        if (!Guid.TryParse(request.RequestId, out var requestId))
        {
            violations.Add(new("request_id", "request_id must be a UUID."));
        }

        return violations.Count == 0
            ? new(new(labId, account, request.Bucket), request.Priority, requestId.ToString("N"))
            : throw MeshException.BadInput(violations);
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
