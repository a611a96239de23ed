using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Normalizer.Videos;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class RecordPresenterTests
{
    private static readonly int Day = new DateOnly(2026, 1, 10).DayNumber;

    [Fact]
    public void A_record_shows_the_views_terms_as_typed_in_the_order_of_its_inputs()
    {
        var selection = Select((Hashtag("ft22"), "#FT22"), (Hashtag("dkpol"), "#DKpol"), (Hashtag("dkpol"), "#dkpol"), (Hashtag("eu"), "#eu"));
        var membership = selection.MembershipOf([new("clause-dkpol", Day, true, 7), new("clause-ft22", Day, true, 4), new("clause-other", Day, true, 1), new("clause-eu", Day, false, 2)])!;
        membership.Terms.ShouldBe(["#FT22", "#DKpol", "#dkpol"]);
        membership.FirstSequence.ShouldBe(2);
        membership.Unattributed.ShouldBeFalse();
    }

    [Fact]
    public void Matches_on_other_days_and_of_other_clauses_do_not_belong()
    {
        var selection = Select((Hashtag("dkpol"), "#dkpol"));
        selection.MembershipOf([new("clause-dkpol", new DateOnly(2026, 2, 1).DayNumber, true, 1), new("clause-eu", Day, true, 1)]).ShouldBeNull();
        selection.MembershipOf([new("clause-dkpol", new DateOnly(2026, 1, 31).DayNumber, true, 1)]).ShouldNotBeNull();
    }

    [Fact]
    public void What_came_for_an_actor_has_no_term()
    {
        var selection = Select((User("anna"), ""));
        var record = Present(selection, new MatchRow("clause-@anna", Day, true, 1));
        record.SearchTermsMatched.ShouldBeEmpty();
        record.TermMatched.ShouldBeFalse();
        record.RawMetadata.Unattributed.ShouldBeFalse();
    }

    [Fact]
    public void What_no_clause_matches_is_flagged()
    {
        var record = Present(Select((Hashtag("dkpol"), "#dkpol")), new MatchRow("clause-dkpol", Day, false, 1));
        record.RawMetadata.Unattributed.ShouldBeTrue();
        record.TermMatched.ShouldBeFalse();
        record.SearchTermsMatched.ShouldBeEmpty();
    }

    [Fact]
    public void Names_are_withheld_and_named_as_such_unless_the_view_identifies()
    {
        var withheld = Present(Select((Hashtag("dkpol"), "#dkpol")), new MatchRow("clause-dkpol", Day, true, 1));
        (withheld.Url, withheld.AuthorName).ShouldBe((null, null));
        withheld.RawMetadata.Withheld.ShouldBe(["url", "author_platform_id", "author_display_name"]);
        withheld.PseudonymizedAuthorId.ShouldBe(Pseudonyms.Of("anna"));
        withheld.RawMetadata.PseudonymKeyId.ShouldBe(Pseudonyms.KeyId);
        (withheld.CollectionRunId, withheld.QueryDesignId).ShouldBe(("run", "design"));

        var named = Present(Select((Hashtag("dkpol"), "#dkpol")) with { Identified = true }, new MatchRow("clause-dkpol", Day, true, 1));
        (named.Url, named.AuthorName).ShouldBe(("https://www.tiktok.com/@anna/video/1", "anna"));
        named.RawMetadata.Withheld.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("@Anna")]
    public void A_public_figures_handle_is_shown_with_the_reason(string figure)
    {
        var record = Present(Select((Hashtag("dkpol"), "#dkpol")) with { PublicFigures = ["bo", figure] }, new MatchRow("clause-dkpol", Day, true, 1));
        record.PseudonymizedAuthorId.ShouldBe("anna");
        record.RawMetadata.BypassReason.ShouldNotBeNull();
        Present(Select((Hashtag("dkpol"), "#dkpol")) with { PublicFigures = ["bo"] }, new MatchRow("clause-dkpol", Day, true, 1)).PseudonymizedAuthorId.ShouldBe(Pseudonyms.Of("anna"));
    }

    [Theory]
    [InlineData(9.9, false)]
    [InlineData(10, true)]
    public void Engagement_is_final_when_it_was_read_at_ten_days_or_later(double ageDays, bool final)
    {
        var page = Page("p", [Video(1)]) with { FetchedAt = Upload.AddDays(ageDays) };
        new RecordPresenter(Pseudonyms).Begin(Lab).Of(new(Reader.Normalize(page).Items[0].Record(), [], 0)).RawMetadata.EngagementFinal.ShouldBe(final);
    }

    [Fact]
    public void A_missing_count_is_null_and_counts_as_zero_in_the_score()
    {
        var video = Video(1);
        video.Remove("like_count");
        var record = new RecordPresenter(Pseudonyms).Begin(Lab).Of(new(Reader.Normalize(Page("p", [video])).Items[0].Record(), [], 0));
        record.LikesCount.ShouldBeNull();
        record.EngagementScore.ShouldBe(EngagementScore.Of(10_000, null, 20, 30));
    }

    [Fact]
    public void A_count_that_cannot_be_read_is_null_and_a_caveat()
    {
        var video = Video(1);
        video["view_count"] = -3;
        video["music_id"] = new System.Text.Json.Nodes.JsonObject();
        var record = new RecordPresenter(Pseudonyms).Begin(Lab).Of(new(Reader.Normalize(Page("p", [video])).Items[0].Record(), [], 0));
        record.ViewsCount.ShouldBeNull();
        record.RawMetadata.Caveats.ShouldBe(["music_id_unreadable", "view_count_unreadable"]);
    }

    [Fact]
    public void The_message_says_what_the_record_says()
    {
        var record = Present(Select((Hashtag("dkpol"), "#DKpol")), new MatchRow("clause-dkpol", Day, true, 1));
        var message = RecordMessages.Of(record);
        (message.Id, message.PlatformId, message.Platform, message.Arena).ShouldBe((RecordId.Of(Lab, "tiktok", "1").ToString(), "1", "tiktok", "social_media"));
        (message.HasUrl, message.HasTitle, message.HasLanguage, message.HasSimhash, message.HasAuthorPlatformId).ShouldBe((false, false, false, false, false));
        (message.ViewsCount, message.LikesCount, message.SharesCount, message.CommentsCount, message.EngagementScore).ShouldBe((10_000L, 500L, 20L, 30L, 23.55));
        message.SearchTermsMatched.ShouldBe(["#DKpol"]);
        message.RawMetadata.Fields["music_id"].StringValue.ShouldBe("7111111111111111111");
        message.RawMetadata.Fields["score_version"].StringValue.ShouldBe("io-cold-start-1");
        message.PublishedAt.ToDateTimeOffset().ShouldBe(Upload);
        message.ContentHash.ShouldBe(record.ContentHash);
    }

    [Fact]
    public void A_views_faults_are_named_all_at_once()
    {
        var view = View((Hashtag("dkpol"), "#dkpol"));
        view.Days["clause-dkpol"] = new DayRange { From = "2026-02-01", To = "2026-01-01" };
        view.MaxResults = -1;
        var fault = Should.Throw<MeshException>(() => RecordSelections.Of(view));
        fault.Reason.ShouldBe(ErrorReason.BadInput);
        fault.Violations.Select(violation => violation.Field).ShouldBe(["view.days[clause-dkpol]", "view.max_results"]);
    }

    private static UniversalContentRecord Present(RecordSelection selection, params MatchRow[] matches)
    {
        var video = Reader.Normalize(Page("p", [Video(1, "anna")])).Items[0].Record();
        return new RecordPresenter(Pseudonyms).Begin(Lab, selection).Of(new(video, [(selection, selection.MembershipOf(matches)!)], 1, new KeptNames("anna")));
    }
}
