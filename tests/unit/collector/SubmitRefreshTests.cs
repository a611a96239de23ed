using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>What a refresh may ask for; whatever is wrong is said at once, before anything is kept or spent.</summary>
public sealed class SubmitRefreshTests
{
    [Theory]
    [InlineData("window", true, CheckedItems.Videos, 1, true)]
    [InlineData("checks", true, CheckedItems.Unspecified, 1, false)]
    [InlineData("video_ids", true, CheckedItems.Comments, 10_001, false)]
    [InlineData("video_ids", true, CheckedItems.Comments, 0, false)]
    [InlineData("checks", false, CheckedItems.Videos, 1, true)]
    [InlineData("window", false, CheckedItems.Unspecified, 1, false)]
    [InlineData("video_ids", false, CheckedItems.Unspecified, 101, true)]
    public async Task What_is_wrong_is_named_and_what_is_allowed_said(string field, bool compliance, CheckedItems checks, int ids, bool window)
    {
        var request = new SubmitRefreshRequest
        {
            RefreshId = Guid.NewGuid().ToString("N"),
            VideoIds = { Enumerable.Range(1, ids).Select(id => $"{id}") },
            Compliance = compliance,
            Checks = checks,
            Window = window ? new() { From = "2026-01-01", To = "2026-01-31" } : null,
        };

        // Nothing but the request is looked at before it is refused.
        var calls = new CollectorGrpc(null!, null!, null!, null!, null!, new(), TimeProvider.System);
        var refused = await Should.ThrowAsync<MeshException>(() => calls.SubmitRefresh(request, null!));

        refused.Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
    }
}
