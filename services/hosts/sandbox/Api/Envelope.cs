using System.Text;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Puts every outcome of the research endpoints into the envelope <c>{data, error}</c>, in the manner of its endpoint.</summary>
internal sealed class Envelope(SeededRandom random, SandboxClock clock)
{
    private static readonly string[] Hosts = ["D84CCEA6DE", "5A7F0E19C4", "E1B2066F38"];

    /// <summary>UTC second and 20 hex digits, of which the last ones name a host and come again.</summary>
    public string NextLogId() =>
        $"{clock.GetUtcNow().UtcDateTime:yyyyMMddHHmmss}{random.NextUInt64() & 0xFFFFFFFFFF:X10}{random.Pick(Hosts)}";

    public Answer Write(Outcome outcome, SandboxEndpoint endpoint)
    {
        var logId = NextLogId();
        var answer = new Answer(outcome.Status, default) { ErrorCode = outcome.Code, LogId = logId, Records = outcome.Records };
        if (outcome.Text is { } text)
        {
            return answer with { Body = Encoding.UTF8.GetBytes(text), Headers = [new("Content-Type", "text/plain; charset=utf-8")] };
        }

        var envelope = new JsonObject
        {
            ["data"] = outcome.WithoutData ? null : outcome.Data,
            // The documented replies of the shop endpoints have no error object.
            ["error"] = outcome.IsOk && IsShop(endpoint) ? null : new JsonObject
            {
                ["code"] = outcome.Code,
                ["message"] = outcome.IsOk ? Success(endpoint) : outcome.Message,
                ["log_id"] = logId,
                ["http_status_code"] = IsCompliance(endpoint) ? outcome.Status : null,
            },
        };
        return answer with { Body = JsonBody.Write(envelope, random) };
    }

    private static string Success(SandboxEndpoint endpoint) => endpoint switch
    {
        SandboxEndpoint.VideoQuery or SandboxEndpoint.Comments or SandboxEndpoint.UserInfo => "",
        _ when IsCompliance(endpoint) => "ok.",
        _ => "ok",
    };

    private static bool IsShop(SandboxEndpoint endpoint) => endpoint is SandboxEndpoint.Shop or SandboxEndpoint.Product or SandboxEndpoint.Review;

    private static bool IsCompliance(SandboxEndpoint endpoint) =>
        endpoint is SandboxEndpoint.ComplianceCreate or SandboxEndpoint.ComplianceStatus or SandboxEndpoint.ComplianceDownload;
}
