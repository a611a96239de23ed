using IssueObservatory.Mesh.Sandbox;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>What can happen to the second page of a search, by a name for people.</summary>
internal static class PageTwoFaults
{
    /// <summary>Tries of a page before a new search takes its place.</summary>
    private const int Tries = 5;

    private const string TokenRefused = "401 once";

    public static IReadOnlyDictionary<string, SandboxReply[]> All { get; } = new Dictionary<string, SandboxReply[]>(StringComparer.Ordinal)
    {
        ["500 twice"] = [SandboxReply.Error(SandboxError.ServerError), SandboxReply.Error(SandboxError.ServerError)],
        ["search id invalid three times"] = [.. Enumerable.Repeat(SandboxReply.Error(SandboxError.SearchIdInvalid), 3)],
        ["truncated JSON once"] = [SandboxReply.Truncate()],
        ["cut mid-body"] = [SandboxReply.CutMidBody],
        ["HTML 504 twice"] = [SandboxReply.Html504, SandboxReply.Html504],
        ["429 rate_limit_exceeded twice"] = [SandboxReply.Error(SandboxError.RateLimited), SandboxReply.Error(SandboxError.RateLimited)],
        [TokenRefused] = [SandboxReply.Error(SandboxError.TokenInvalid)],
        ["accepts and never answers"] = [SandboxReply.NeverAnswer],
        ["a length that lies"] = [SandboxReply.WrongContentLength],
        ["20 MiB"] = [SandboxReply.HugeBody()],
        ["search id lost for good"] = [.. Enumerable.Repeat(SandboxReply.Error(SandboxError.SearchIdInvalid), Tries)],
    };

    /// <summary>Requests that it may cost: one for each reply, and one more where the search begins anew.</summary>
    public static int CostOf(string fault) => All[fault].Length + (All[fault].Length >= Tries ? 1 : 0);

    /// <summary>Units that it may cost beside what TikTok counted: nobody knows whether it counts a refused token, so we do.</summary>
    public static int LeakOf(string fault) => fault == TokenRefused ? 1 : 0;
}
