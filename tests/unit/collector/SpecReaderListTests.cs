using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Specs that ask for lists.</summary>
public sealed class SpecReaderListTests
{
    private const string Video = "7345557461438385450";

    [Theory]
    [InlineData(ApiEndpoint.Comments, Video, Video)]
    [InlineData(ApiEndpoint.Comments, "https://www.tiktok.com/@dr/video/7345557461438385450?lang=da", Video)]
    [InlineData(ApiEndpoint.Replies, " 0123 ", "123")]
    [InlineData(ApiEndpoint.UserInfo, "@DR_nyheder", "dr_nyheder")]
    [InlineData(ApiEndpoint.Followers, "https://www.tiktok.com/@Dr", "dr")]
    [InlineData(ApiEndpoint.Following, "dr", "dr")]
    [InlineData(ApiEndpoint.LikedVideos, "dr", "dr")]
    [InlineData(ApiEndpoint.PinnedVideos, "dr", "dr")]
    [InlineData(ApiEndpoint.RepostedVideos, "dr", "dr")]
    [InlineData(ApiEndpoint.Playlist, "77", "77")]
    [InlineData(ApiEndpoint.Shop, "  Den lille butik ", "Den lille butik")]
    [InlineData(ApiEndpoint.Products, "77", "77")]
    [InlineData(ApiEndpoint.Reviews, "77", "77")]
    public void Each_subject_is_a_clause_and_a_list(ApiEndpoint endpoint, string typed, string subject)
    {
        var read = Read(new() { List = endpoint, Subjects = { typed } });

        read.Lists.ShouldBe([ListKey.Of(endpoint, subject)]);
        read.Asked.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            asked => asked.Input.ShouldBe(typed.Trim()),
            asked => asked.Clause.ShouldBe(ClauseIds.Identify(new() { Class = ClauseClass.List, Endpoint = endpoint, Subject = subject })),
            asked => asked.Days.ShouldBe(Days("2016-09-01", "9999-12-31")));
        read.Spec.Days.ShouldBeNull();
        read.Bucket.ShouldBe(endpoint is ApiEndpoint.Followers or ApiEndpoint.Following ? QuotaBucket.Follow : QuotaBucket.Research);
        Read(read.Spec).Asked.ShouldBe(read.Asked);
    }

    [Fact]
    public void The_same_subject_typed_twice_is_one_list_and_the_same_subject_of_two_endpoints_is_not()
    {
        Read(new() { List = ApiEndpoint.UserInfo, Subjects = { "DR", "@dr" } }).Lists.ShouldHaveSingleItem();
        ListClauses.Of(ListKey.Of(ApiEndpoint.Followers, "dr")).ClauseId.ShouldNotBe(ListClauses.Of(ListKey.Of(ApiEndpoint.Following, "dr")).ClauseId);
    }

    [Fact]
    public void Videos_of_another_collection_are_their_ids_and_authors_are_shown_without_their_names()
    {
        var comments = Read(new() { List = ApiEndpoint.Comments, OfCollectionId = "c1" }, new(Video, 250), new("8", 3));
        comments.Asked.Select(asked => asked.Input).ShouldBe([Video, "8"]);
        comments.Items[ListKey.Of(ApiEndpoint.Comments, Video)].ShouldBe(250);

        var users = Read(new() { List = ApiEndpoint.UserInfo, OfCollectionId = "c1" }, new("anna", 1), new("not a name", 1));
        var author = users.Asked.ShouldHaveSingleItem();
        author.Clause.Subject.ShouldBe("anna");
        author.Input.ShouldBe($"author {author.Clause.ClauseId[..12]}");
        users.Spec.ToString().ShouldNotContain("anna");
        SpecReader.Read(new() { List = ApiEndpoint.Comments, OfCollectionId = "c1" }, Now, Options, []).Asked.ShouldBeEmpty();
    }

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once()
    {
        var spec = new CollectionSpec
        {
            List = ApiEndpoint.Followers, Subjects = { "dr", "two words", "https://example.org/@x" },
            Days = new() { From = "2026-01-01", To = "2026-01-02" }, Regions = { "DK" }, Languages = { "da" }, Fields = { "id" }, WithoutProfiles = true, MaxResults = 5, MaxUnits = -1,
        };

        var refused = Should.Throw<MeshException>(() => Read(spec));

        refused.Violations.Select(violation => violation.Field).ShouldBe(
            ["spec.subjects[1]", "spec.subjects[2]", "spec.days", "spec.regions", "spec.languages", "spec.fields", "spec.without_profiles", "spec.max_results", "spec.max_units"], ignoreOrder: true);
        refused.Violations.ShouldAllBe(violation => !violation.Description.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_is_not_sampled()
    {
        var refused = Should.Throw<MeshException>(() => SpecReader.Read(new() { List = ApiEndpoint.Followers, Subjects = { "ft" }, Sample = 10 }, Walks.Now, Walks.Options));
        refused.Violations.Select(violation => violation.Field).ShouldBe(["spec.sample"]);
    }

    [Theory]
    [InlineData("video query", "spec.list", "comments, replies")]
    [InlineData("no list", "spec.list", "comments, replies")]
    [InlineData("unknown list", "spec.list", "comments, replies")]
    [InlineData("nobody", "spec.subjects", "at least one")]
    [InlineData("an id that is none", "spec.subjects[0]", "comment id")]
    [InlineData("zero", "spec.subjects[0]", "playlist id")]
    [InlineData("too many", "spec.subjects", "at most 10000")]
    [InlineData("terms", "spec", "exactly one")]
    [InlineData("of another list", "spec.of_collection_id", "followers")]
    [InlineData("of nothing known", "spec.of_collection_id", "not known")]
    [InlineData("of and subjects", "spec.of_collection_id", "either")]
    public void Bad_input_is_one_line_that_says_what_is_allowed(string what, string field, string says)
    {
        var refused = Should.Throw<MeshException>(() => Read(Bad(what)), what);

        refused.Reason.ShouldBe(ErrorReason.BadInput);
        refused.Violations.Where(violation => violation.Field == field).ShouldContain(violation => violation.Description.Contains(says, StringComparison.Ordinal));
    }

    private static CollectionSpec Bad(string what) => what switch
    {
        "video query" => new() { List = ApiEndpoint.VideoQuery, Subjects = { "dr" } },
        "no list" => new() { Subjects = { "dr" } },
        "unknown list" => new() { List = (ApiEndpoint)99, Subjects = { "dr" } },
        "nobody" => new() { List = ApiEndpoint.UserInfo },
        "an id that is none" => new() { List = ApiEndpoint.Replies, Subjects = { "x" } },
        "zero" => new() { List = ApiEndpoint.Playlist, Subjects = { "000" } },
        "too many" => new() { List = ApiEndpoint.UserInfo, Subjects = { Enumerable.Range(0, 10_001).Select(i => $"u{i}") } },
        "terms" => new() { List = ApiEndpoint.UserInfo, Subjects = { "dr" }, Terms = { "a" } },
        "of another list" => new() { List = ApiEndpoint.Followers, OfCollectionId = "c1" },
        "of nothing known" => new() { List = ApiEndpoint.Comments, OfCollectionId = "c1" },
        "of and subjects" => new() { List = ApiEndpoint.Comments, OfCollectionId = "c1", Subjects = { "7" } },
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "unknown case"),
    };

    private static ReadSpec Read(CollectionSpec spec, params ListedSubject[] of) => SpecReader.Read(spec, Now, Options, of is [] ? null : of);
}
