using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.ResearchApi.ResearchEndpoints;
using static IssueObservatory.Mesh.Tests.ResearchApi.Quirks.Answers;

namespace IssueObservatory.Mesh.Tests.ResearchApi.Quirks;

/// <summary>Transport and errors: §1 and §3 of the contract.</summary>
public sealed class ErrorQuirks
{
    [Fact]
    public void S1_every_path_begins_with_v2_research_and_ends_with_a_slash()
    {
        ResearchEndpoints.All.Count.ShouldBe(16);
        ResearchEndpoints.All.ShouldAllBe(endpoint => endpoint.Path.StartsWith("/v2/research/", StringComparison.Ordinal) && endpoint.Path.EndsWith('/') && !endpoint.Path.Contains("//", StringComparison.Ordinal));
        ResearchEndpoints.All.Distinct().Count().ShouldBe(ResearchEndpoints.All.Count);
    }

    [Fact]
    public void S1_fields_stand_in_the_query_string_and_only_where_there_are_any()
    {
        (UserInfo.Ask("a") with { Fields = ["bio_url", "display_name"] }).Target.ShouldBe("/v2/research/user/info/?fields=bio_url,display_name");
        Followers.Ask("a").Target.ShouldBe("/v2/research/user/followers/");
        Refused(Followers.Ask("a") with { Fields = ["username"] }).ShouldBe(["fields"]);
    }

    [Theory]
    [InlineData("ok", "", 200, ApiReaction.TakeData)]
    [InlineData("access_token_invalid", "The access token is invalid or not found in the request.", 401, ApiReaction.RenewToken)]
    [InlineData("invalid_token", "", 401, ApiReaction.RenewToken)]
    [InlineData("scope_not_authorized", "The user did not authorize the scope required for completing this request.", 401, ApiReaction.StopEndpoint)]
    [InlineData("scope_permission_missed", "Access token is invalid, some fields need additional scopes", 400, ApiReaction.StopEndpoint)]
    [InlineData("rate_limit_exceeded", "", 429, ApiReaction.BackOff)]
    [InlineData("daily_quota_limit_exceeded", "The API daily quota limit exceeded. Please try again later", 429, ApiReaction.WaitForMidnight)]
    [InlineData("internal_error", "Something is wrong. Please try again later.", 500, ApiReaction.Repeat)]
    [InlineData("timeout", "", 504, ApiReaction.Repeat)]
    [InlineData("invalid_params", "`username: somebody` is invalid: cannot find the user", 400, ApiReaction.AcceptRefusal)]
    [InlineData("invalid_params", "API cannot return this user's information", 400, ApiReaction.AcceptRefusal)]
    [InlineData("invalid_params", "somebody is private", 400, ApiReaction.AcceptRefusal)]
    [InlineData("invalid_params", "This user's information cannot be returned", 400, ApiReaction.AcceptRefusal)]
    [InlineData("invalid_params", "The comments of this video are not allowed to be disclosed", 400, ApiReaction.AcceptRefusal)]
    [InlineData("invalid_params", "Invalid field", 400, ApiReaction.GiveUp)]
    [InlineData("invalid_param", "Invalid field", 400, ApiReaction.GiveUp)]
    [InlineData("invalid_request", "Invalid field", 400, ApiReaction.GiveUp)]
    [InlineData("invalid_file_upload", "", 400, ApiReaction.GiveUp)]
    [InlineData("never_seen_before", "", 400, ApiReaction.Repeat)]
    public void S3_each_code_has_its_one_reaction_whatever_the_status(string code, string message, int status, ApiReaction reaction)
    {
        foreach (var endpoint in (ResearchEndpoint[])[Videos, UserInfo, Followers, Comments])
        {
            var error = Error(endpoint, code, message, status);

            (error.Reaction, error.Code, error.LogId).ShouldBe((reaction, code, "L1"));
            Error(endpoint, code, message, status: 418).Reaction.ShouldBe(reaction);
            $"{error}".ShouldNotContain("somebody");
        }
    }

    [Fact]
    public void S3_a_missing_scope_never_asks_for_a_token_on_any_endpoint() =>
        ResearchEndpoints.All.ShouldAllBe(endpoint => Error(endpoint, "scope_not_authorized", "", 401).Reaction == ApiReaction.StopEndpoint);

    [Fact]
    public void S3_refusals_say_which_one_they_are()
    {
        Kind("`username: x` is invalid: cannot find the user").ShouldBe(InvalidParamsKind.UserNotFound);
        Kind("API cannot return this user's information").ShouldBe(InvalidParamsKind.UserNotReturned);
        Kind("x is private").ShouldBe(InvalidParamsKind.UserNotReturned);
        Kind("x's information cannot be returned").ShouldBe(InvalidParamsKind.LikesHidden);
        Error(UserInfo, "invalid_params", "x's information cannot be returned").InvalidParams.ShouldBe(InvalidParamsKind.UserNotReturned);
        Kind("The comments of this video are not allowed to be disclosed").ShouldBe(InvalidParamsKind.CommentsHidden);

        static InvalidParamsKind? Kind(string message) => Error(LikedVideos, "invalid_params", message).InvalidParams;
    }

    [Theory]
    [InlineData("Something is wrong. Please try again later.")]
    [InlineData("Something went wrong. Please try again later.")]
    [InlineData("Server Internal Error")]
    public void S3_the_texts_of_a_500_are_trouble_with_a_400_too(string message) =>
        Error(UserInfo, "invalid_params", message, status: 400).Class.ShouldBe(ApiErrorClass.Internal);

    [Fact]
    public void S3_data_is_empty_or_missing_beside_an_error()
    {
        Page(Videos, """{"data":{},"error":{"code":"internal_error"}}""", 500).Error.Class.ShouldBe(ApiErrorClass.Internal);
        Page(Videos, """{"error":{"code":"internal_error"}}""", 500).Error.Class.ShouldBe(ApiErrorClass.Internal);
        Page(Videos, """{"data":null,"error":{"code":"internal_error"}}""", 500).Error.Class.ShouldBe(ApiErrorClass.Internal);
    }

    [Theory]
    [InlineData("""{"code":"ok","message":""}""")]
    [InlineData("""{"code":"ok","message":"ok."}""")]
    [InlineData("""{"code":"","message":""}""")]
    [InlineData("""{"code":"internal_error","message":""}""")]
    [InlineData("{}")]
    [InlineData("null")]
    public void S3_a_500_with_good_data_and_no_complaint_is_a_success_on_user_and_playlist_endpoints(string error)
    {
        foreach (var (endpoint, data) in ((ResearchEndpoint, string)[])
        [
            (UserInfo, """{"display_name":"x"}"""), (Followers, """{"user_followers":[{"username":"a"}]}"""), (LikedVideos, """{"user_liked_videos":[{"id":1}]}"""),
            (Playlist, """{"playlist_id":1,"playlist_video_ids":[2]}"""),
        ])
        {
            Page(endpoint, $$"""{"data":{{data}},"error":{{error}}}""", 500).Error.IsOk.ShouldBeTrue($"{endpoint}");
        }
    }

    [Fact]
    public void S3_a_500_that_complains_or_has_nothing_to_show_is_an_error()
    {
        Page(Playlist, """{"data":{"playlist_id":1,"playlist_video_ids":[2]},"error":{"code":"internal_error","message":"Something is wrong."}}""", 500).Error.IsOk.ShouldBeFalse();
        Page(Followers, """{"data":{"user_followers":[],"has_more":false},"error":{"code":"internal_error","message":""}}""", 500).Error.IsOk.ShouldBeFalse();
        Page(UserInfo, """{"data":{},"error":{"code":"internal_error","message":""}}""", 500).Error.IsOk.ShouldBeFalse();
        Page(Videos, """{"data":{"videos":[{"id":1}]},"error":{"code":"internal_error","message":""}}""", 500).Error.IsOk.ShouldBeFalse();
    }

    [Fact]
    public void S3_HTML_of_a_gateway_is_no_answer() =>
        Page(Playlist, "<html>504 Gateway Time-out</html>", 504).Error.ShouldSatisfyAllConditions(
            error => error.Class.ShouldBe(ApiErrorClass.Unreadable),
            error => error.Reaction.ShouldBe(ApiReaction.Repeat),
            error => error.Reason.ShouldBe("HTTP 504: HTML, not JSON"));
}
