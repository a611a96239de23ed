using IssueObservatory.Mesh.Sandbox;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>What loses videos elsewhere: trouble on the second page. 300 of 300 stay, and a fault costs at most one request more.</summary>
public sealed class PageTwoFaultTests
{
    public static TheoryData<string> Names => [.. PageTwoFaults.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_fault_on_page_two_loses_no_video(string fault)
    {
        var token = TestContext.Current.CancellationToken;
        await using var lab = await MeshLab.WithVideosAsync(300, token);
        lab.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, PageTwoFaults.All[fault]);

        var collected = await lab.RunAsync(token, lab.CollectTerms());

        collected.ExitCode.ShouldBe(0, collected.Errors);
        (await lab.ExportAsync(token)).Count.ShouldBe(300);
        lab.Queries.Count.ShouldBeLessThanOrEqualTo(3 + PageTwoFaults.CostOf(fault));
        collected.Json.GetProperty("requests").GetProperty("sent").GetInt32().ShouldBe(lab.Queries.Count);
    }
}
