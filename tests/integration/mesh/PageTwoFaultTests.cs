using IssueObservatory.Mesh.Sandbox;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>What loses videos elsewhere: trouble on the second page. 300 of 300 stay, and a fault costs at most one request more.</summary>
public sealed class PageTwoFaultTests
{
    private static readonly Dictionary<string, SandboxReply[]> Faults = new(StringComparer.Ordinal)
    {
        ["500 twice"] = [SandboxReply.Error(SandboxError.ServerError), SandboxReply.Error(SandboxError.ServerError)],
        ["search id invalid three times"] = [.. Enumerable.Repeat(SandboxReply.Error(SandboxError.SearchIdInvalid), 3)],
        ["truncated JSON once"] = [SandboxReply.Truncate()],
        ["cut mid-body"] = [SandboxReply.CutMidBody],
        ["HTML 504 twice"] = [SandboxReply.Html504, SandboxReply.Html504],
        ["429 rate_limit_exceeded twice"] = [SandboxReply.Error(SandboxError.RateLimited), SandboxReply.Error(SandboxError.RateLimited)],
        ["401 once"] = [SandboxReply.Error(SandboxError.TokenInvalid)],
        ["accepts and never answers"] = [SandboxReply.NeverAnswer],
        ["a length that lies"] = [SandboxReply.WrongContentLength],
        ["20 MiB"] = [SandboxReply.HugeBody()],
        ["search id lost for good"] = [.. Enumerable.Repeat(SandboxReply.Error(SandboxError.SearchIdInvalid), 5)],
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_fault_on_page_two_loses_no_video(string fault)
    {
        var token = TestContext.Current.CancellationToken;
        await using var lab = await MeshLab.WithVideosAsync(300, token);
        lab.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, Faults[fault]);

        var collected = await lab.RunAsync(token, lab.CollectTerms());

        collected.ExitCode.ShouldBe(0, collected.Errors);
        (await lab.ExportAsync(token)).Count.ShouldBe(300);
        lab.Queries.Count.ShouldBeLessThanOrEqualTo(3 + Faults[fault].Length + (Faults[fault].Length > 4 ? 1 : 0));
        collected.Json.GetProperty("requests").GetProperty("sent").GetInt32().ShouldBe(lab.Queries.Count);
    }
}
