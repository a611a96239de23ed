using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Sandbox;

public sealed class SandboxScriptOrderTests
{
    private static readonly SandboxCall First = new() { Endpoint = SandboxEndpoint.VideoQuery };
    private static readonly SandboxCall Later = First with { Cursor = 100, SearchId = "7" };

    [Fact]
    public void A_request_takes_the_first_reply_that_is_for_it()
    {
        var script = new SandboxScript();
        script.Enqueue(SandboxMatch.LaterPage, SandboxReply.Html504);
        script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.NeverAnswer, SandboxReply.CutMidBody);
        script.Take(First).Reply.ShouldBe(SandboxReply.NeverAnswer);
        script.Take(Later).Reply.ShouldBe(SandboxReply.Html504);
        script.Take(Later).Reply.ShouldBe(SandboxReply.CutMidBody);
        script.Take(Later).Reply.ShouldBeNull();
    }

    [Fact]
    public void Cursor_zero_is_a_first_page()
    {
        SandboxMatch.FirstPage.Matches(First with { Cursor = 0 }).ShouldBeTrue();
        SandboxMatch.LaterPage.Matches(First with { Cursor = 0 }).ShouldBeFalse();
        SandboxMatch.FirstPage.Matches(new() { Endpoint = SandboxEndpoint.UserInfo }).ShouldBeFalse();
    }

    [Fact]
    public void A_reply_from_json_is_there_as_often_as_it_says()
    {
        var script = new SandboxScript();
        script.Enqueue(new SandboxScriptedReply { Endpoint = SandboxEndpoint.VideoQuery, Page = SandboxPage.Later, Reply = SandboxReplyKind.ServerError, Times = 3 });
        script.Remaining.ShouldBe(3);
        script.Take(First).Reply.ShouldBeNull();
        script.Take(Later).Reply.ShouldBe(SandboxReply.Error(SandboxError.ServerError));
    }
}
