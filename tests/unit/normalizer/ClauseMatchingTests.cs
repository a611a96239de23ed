using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Normalizer.Videos;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class ClauseMatchingTests
{
    [Fact]
    public void In_a_search_of_one_clause_the_server_decides() =>
        ClauseMatching.Of(new VideoItem { Id = "1" }, [Hashtag("dkpol")]).ShouldBe([new("clause-dkpol", true)]);

    [Fact]
    public void In_a_merged_search_the_hashtags_decide_whatever_their_case()
    {
        var video = new VideoItem { Id = "1", HashtagNames = ["DKpol", "KØBENHAVN", "Cafe\u0301"] };
        ClauseMatching.Of(video, [Hashtag("dkpol"), Hashtag("københavn"), Hashtag("caf\u00E9"), Hashtag("ft22")])
            .ShouldBe([new("clause-dkpol", true), new("clause-københavn", true), new("clause-caf\u00E9", true)]);
        ClauseMatching.Of(video, [Hashtag("dkpol", "ft22"), Hashtag("dkpol", "københavn")]).ShouldBe([new("clause-dkpol-københavn", true)]);
    }

    [Fact]
    public void In_a_merged_search_names_and_ids_decide()
    {
        var video = new VideoItem { Id = "17", Username = "Anna" };
        ClauseMatching.Of(video, [User("anna"), User("bo")]).ShouldBe([new("clause-@anna", true)]);
        Clause[] ids = [new() { ClauseId = "17", Class = ClauseClass.Id, VideoId = "17" }, new() { ClauseId = "18", Class = ClauseClass.Id, VideoId = "18" }];
        ClauseMatching.Of(video, ids).ShouldBe([new("17", true)]);
    }

    [Fact]
    public void What_matches_no_clause_is_kept_for_every_clause_and_attributed_to_none()
    {
        ClauseMatching.Of(new VideoItem { Id = "1", HashtagNames = ["andet"] }, [Hashtag("dkpol"), Hashtag("ft22")]).ShouldBe([new("clause-dkpol", false), new("clause-ft22", false)]);
        Clause[] keywords = [new() { ClauseId = "a", Class = ClauseClass.Keyword, Keywords = { "valg" } }, new() { ClauseId = "b", Class = ClauseClass.Keyword, Keywords = { "skat" } }];
        ClauseMatching.Of(new VideoItem { Id = "1", VideoDescription = "andet" }, keywords).ShouldAllBe(match => !match.Attributed);
        ClauseMatching.Of(new VideoItem { Id = "1" }, keywords).ShouldAllBe(match => !match.Attributed);
    }

    [Fact]
    public void A_keyword_is_found_in_any_part_of_the_caption_without_regard_to_case()
    {
        Clause[] keywords = [new() { ClauseId = "a", Class = ClauseClass.Keyword, Keywords = { "valg" } }, new() { ClauseId = "b", Class = ClauseClass.Keyword, Keywords = { "god tur" } }];

        ClauseMatching.Of(new VideoItem { Id = "1", VideoDescription = "UDVALGET" }, keywords).ShouldBe([new("a", true)]);
        ClauseMatching.Of(new VideoItem { Id = "1", VideoDescription = "God tur til valget" }, keywords).ShouldBe([new("a", true), new("b", true)]);
        ClauseMatching.Of(new VideoItem { Id = "1", VideoDescription = "god  tur", VoiceToText = "valg" }, keywords).ShouldAllBe(match => !match.Attributed);
    }

    [Fact]
    public void A_refresh_asks_for_no_clause() => ClauseMatching.Of(new VideoItem { Id = "1" }, []).ShouldBeEmpty();
}
