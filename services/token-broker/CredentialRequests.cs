using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>What callers may ask for; everything that is wrong is named at once, and no value is repeated in an answer.</summary>
internal static class CredentialRequests
{
    /// <summary>Id and account when none is named.</summary>
    public const string Default = "default";

    private const int LongestName = 64;
    private const int LongestSecret = 256;
    private const int UsualPage = 100;
    private const int LargestPage = 1000;

    /// <summary>A put in our words.</summary>
    public static (CredentialKey Key, string Account, CredentialSecrets Secrets) Check(PutCredentialRequest request, string labId)
    {
        var credentialId = request.CredentialId.Length == 0 ? Default : request.CredentialId;
        var account = request.Account.Length == 0 ? Default : request.Account;
        List<FieldViolation> violations =
        [
            .. CheckName("credential_id", credentialId), .. CheckName("account", account),
            .. CheckSecret("client_key", request.ClientKey), .. CheckSecret("client_secret", request.ClientSecret),
        ];
        return violations.Count == 0
            ? (new(labId, credentialId), account, new(new(request.ClientKey), new(request.ClientSecret)))
            : throw MeshException.BadInput(violations);
    }

    /// <summary>A credential that must be named.</summary>
    public static CredentialKey CheckKey(string credentialId, string labId) =>
        CheckName("credential_id", credentialId).ToList() is { Count: > 0 } violations ? throw MeshException.BadInput(violations) : new(labId, credentialId);

    /// <summary>A credential that may be left out.</summary>
    public static string CheckOptional(string credentialId) => credentialId.Length == 0 ? "" : CheckKey(credentialId, "").CredentialId;

    /// <summary>A page of the list.</summary>
    public static (string AfterId, int Size) Check(ListCredentialsRequest request)
    {
        List<FieldViolation> violations = [];
        if (request.PageSize < 0)
        {
            violations.Add(new("page_size", "page_size must not be negative; 0 means 100, more than 1000 is lowered to 1000."));
        }

        if (request.PageToken.Length > 0 && CheckName("page_token", request.PageToken).Any())
        {
            violations.Add(new("page_token", "page_token must be the next_page_token of an earlier answer."));
        }

        return violations.Count == 0
            ? (request.PageToken, request.PageSize == 0 ? UsualPage : Math.Min(request.PageSize, LargestPage))
            : throw MeshException.BadInput(violations);
    }

    private static IEnumerable<FieldViolation> CheckName(string field, string value)
    {
        if (value.Length is 0 or > LongestName || !value.All(character => character is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_'))
        {
            yield return new(field, $"{field} must be 1 to 64 characters of a-z, 0-9, - and _.");
        }
    }

    private static IEnumerable<FieldViolation> CheckSecret(string field, string value)
    {
        if (value.Length is 0 or > LongestSecret || value.Any(char.IsControl))
        {
            yield return new(field, $"{field} must be 1 to 256 characters without control characters.");
        }
    }
}
