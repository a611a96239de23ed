using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>Each list against the sandbox: what it asks for, what it keeps, and what it says of each input.</summary>
public sealed class ListTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<ApiEndpoint, SandboxManners> Kinds()
    {
        var kinds = new TheoryData<ApiEndpoint, SandboxManners>();
        foreach (var endpoint in Enum.GetValues<ApiEndpoint>().Where(endpoint => endpoint.HasLists()))
        {
            kinds.Add(endpoint, SandboxManners.Polite);
            kinds.Add(endpoint, SandboxManners.Rude);
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_list_is_read_whole_with_as_few_requests_as_it_has_pages(ApiEndpoint endpoint, SandboxManners manners)
    {
        await using var lab = await ListsLab.StartAsync(manners, Token);
        var subjects = lab.Subjects(endpoint, 4);
        subjects.ShouldNotBeEmpty();

        var done = await lab.EndAsync(await lab.SubmitAsync(endpoint, subjects, Token), Token);

        done.State.ShouldBe(V1.CollectionState.Complete, done.ToString());
        done.Inputs.Select(input => (input.Input, input.Result)).ShouldBe(subjects.Select(subject => (subject, InputOutcome.Ok)));
        (done.Days.Complete, done.Days.Gap, done.Days.Pending).ShouldBe((0, 0, 0));
        foreach (var subject in subjects)
        {
            var read = await lab.ReadAsync(ListKey.Of(endpoint, subject), Token);
            read.Items.ShouldBe(lab.Length(endpoint, subject), $"{endpoint} {manners}");
        }

        var kept = await lab.ExportAsync(done.CollectionId, Token);
        kept.ShouldBeUnique();
        done.Records.New.ShouldBe(kept.Count);
        done.Records.Quarantined.ShouldBe(0);
        if (subjects.Select(subject => lab.Ids(endpoint, subject)).OfType<IReadOnlyList<string>>().ToList() is { Count: > 0 } ids)
        {
            kept.ShouldBe(ids.SelectMany(each => each).Distinct(StringComparer.Ordinal), ignoreOrder: true);
        }
        else
        {
            kept.Count.ShouldBe(subjects.Sum(subject => lab.Length(endpoint, subject)));
        }

        var requests = lab.Sandbox.Log.All.Where(request => request.Endpoint is not SandboxEndpoint.Token).ToList();
        requests.GroupBy(request => (request.Body, request.Cursor)).ShouldAllBe(same => same.Count(request => request.Status == 200 && request.IsGood) <= 1);
        var pages = await lab.Store.ListPagesAsync("default", onlyUnanswered: false, 0, 1000, Token);
        pages.Count.ShouldBe(requests.Count);
        pages.ShouldAllBe(page => page.Endpoint == endpoint);
        done.Requests.Sent.ShouldBe(requests.Count);
        if (manners is SandboxManners.Polite && endpoint is not (ApiEndpoint.Comments or ApiEndpoint.Replies))
        {
            requests.Count.ShouldBe(subjects.Sum(subject => (int)endpoint.PagesOf(Positions(lab, endpoint, subject))));
        }
    }

    [Fact]
    public async Task Comments_and_authors_of_a_collection_are_those_that_its_records_name()
    {
        await using var lab = await ListsLab.StartAsync(SandboxManners.Polite, Token);
        var videos = await lab.EndAsync((await lab.SubmitAsync(new CollectionSpec { Terms = { "#dkpol" }, Days = new() { From = "2026-02-01", To = "2026-02-03" } }, Token)).CollectionId, Token);
        var ids = await lab.ExportAsync(videos.CollectionId, Token);
        var spec = new CollectionSpec { List = ApiEndpoint.Comments, OfCollectionId = videos.CollectionId };
        var sent = lab.Sandbox.Log.Count;
        var cost = await lab.Caller.Arena.EstimateCollectionAsync(new() { Spec = spec }, lab.Caller.Key, cancellationToken: Token);
        lab.Sandbox.Log.Count.ShouldBe(sent);
        cost.Lists.ShouldBeInRange(1, ids.Count);
        cost.LikelyUnits.ShouldBeGreaterThanOrEqualTo(cost.MinUnits);

        var comments = await lab.EndAsync((await lab.SubmitAsync(spec, Token)).CollectionId, Token);

        comments.State.ShouldBe(V1.CollectionState.Complete);
        comments.Inputs.Count.ShouldBe((int)cost.Lists);
        comments.Inputs.Select(input => input.Input).ShouldBeSubsetOf(ids);
        var written = comments.Inputs.Where(input => input.Result is InputOutcome.Ok).SelectMany(input => lab.Ids(ApiEndpoint.Comments, input.Input)!).ToHashSet(StringComparer.Ordinal);
        var kept = await lab.ExportAsync(comments.CollectionId, Token);
        kept.ShouldBeSubsetOf(written);
        (await lab.SubmitAsync(spec, Token)).CollectionId.ShouldBe(comments.CollectionId);

        var authors = await lab.EndAsync((await lab.SubmitAsync(new CollectionSpec { List = ApiEndpoint.UserInfo, OfCollectionId = videos.CollectionId }, Token)).CollectionId, Token);
        authors.State.ShouldBe(V1.CollectionState.Complete);
        authors.ToString().ShouldNotContain(lab.Sandbox.World.FindVideo(long.Parse(ids[0], System.Globalization.CultureInfo.InvariantCulture))!.Username);
        (await lab.ExportAsync(authors.CollectionId, Token)).Count.ShouldBe(authors.Inputs.Count(input => input.Result is InputOutcome.Ok));
    }

    [Fact]
    public async Task What_is_refused_is_an_answer_and_the_others_go_on()
    {
        await using var lab = await ListsLab.StartAsync(SandboxManners.Polite, Token);
        lab.Sandbox.World.Add(new SandboxCreator { Username = "lukket", Private = true, Followers = 5 });
        lab.Sandbox.World.Add(new SandboxCreator { Username = "ung", Refused = true });
        lab.Sandbox.World.Add(new SandboxCreator { Username = "nordpaa", RegionCode = "CA" });
        lab.Sandbox.World.Add(new SandboxCreator { Username = "genert" });
        lab.Sandbox.World.Add(new SandboxCreator { Username = "tavs", Liked = [] });
        var liked = lab.Subjects(ApiEndpoint.LikedVideos, 1);

        var done = await lab.EndAsync(await lab.SubmitAsync(ApiEndpoint.LikedVideos, ["lukket", "ung", "nordpaa", "genert", "findes_ikke", "tavs", .. liked], Token), Token);

        done.State.ShouldBe(V1.CollectionState.Complete);
        done.Gaps.ShouldBeEmpty();
        done.Inputs.Select(input => $"{input.Result} {input.Reason}".TrimEnd()).ShouldBe(
            ["Refused user_not_returned", "Refused user_not_returned", "Refused user_not_returned", "Refused likes_hidden", "Refused user_not_found", "Empty", "Ok"]);
        var sent = lab.Sandbox.Log.Count;
        var again = await lab.EndAsync((await lab.Caller.Arena.SubmitCollectionAsync(
            new() { Spec = new() { List = ApiEndpoint.LikedVideos, Subjects = { "lukket", "findes_ikke" } }, RequestId = Guid.NewGuid().ToString() }, lab.Caller.Key, cancellationToken: Token)).Status.CollectionId, Token);
        again.Inputs.ShouldAllBe(input => input.Result == InputOutcome.Refused);
        lab.Sandbox.Log.Count.ShouldBe(sent);
    }

    [Fact]
    public async Task Comments_that_are_not_disclosed_are_refused_and_more_than_a_thousand_are_cut()
    {
        await using var lab = await ListsLab.StartAsync(SandboxManners.Polite, Token);
        var written = new DateTimeOffset(2026, 2, 20, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        foreach (var i in new[] { 1, 2 })
        {
            lab.Sandbox.World.Add(new SandboxVideo { Id = (written << 32) + i, CreateTime = DateTimeOffset.FromUnixTimeSeconds(written), Username = "nogen", CommentsDisabled = i == 1 });
        }

        for (var i = 0; i < 1_150; i++)
        {
            lab.Sandbox.World.Add(new SandboxComment { Id = ((written + 1 + i) << 32) + i, VideoId = (written << 32) + 2, ParentId = (written << 32) + 2 });
        }

        var done = await lab.EndAsync(await lab.SubmitAsync(ApiEndpoint.Comments, [$"{(written << 32) + 1}", $"{(written << 32) + 2}"], Token), Token);

        done.State.ShouldBe(V1.CollectionState.Complete);
        done.Inputs.Select(input => $"{input.Result} {input.Reason}").ShouldBe(["Refused comments_hidden", "Ok the first 1,000"]);
        done.Requests.Sent.ShouldBe(11);
    }

    [Fact]
    public async Task A_list_that_fails_says_how_far_it_came_and_another_run_reads_it_from_the_beginning()
    {
        await using var lab = await ListsLab.StartAsync(SandboxManners.Polite, Token);
        var subject = lab.Subjects(ApiEndpoint.Followers, 1);
        lab.Sandbox.Script.Enqueue(new SandboxMatch(SandboxEndpoint.Followers, SandboxPage.Later), [.. Enumerable.Repeat(SandboxReply.Error(SandboxError.ServerError), 5)]);
        var spec = new CollectionSpec { List = ApiEndpoint.Followers, Subjects = { subject } };

        var failed = await lab.EndAsync((await lab.SubmitAsync(spec, Token)).CollectionId, Token);

        failed.State.ShouldBe(V1.CollectionState.CompleteWithGaps);
        failed.Inputs.ShouldHaveSingleItem().ShouldSatisfyAllConditions(input => input.Result.ShouldBe(InputOutcome.Failed), input => input.Reason.ShouldMatch("^internal_error after [0-9]+ items$"));
        failed.Gaps.ShouldHaveSingleItem().ShouldSatisfyAllConditions(gap => gap.Class.ShouldBe(ClauseClass.List), gap => gap.LogIds.ShouldNotBeEmpty());

        // A page, five tries of the next, and after four failures in a row two controls: whether TikTok answers anything.
        failed.Requests.Sent.ShouldBe(8);
        var again = await lab.SubmitAsync(spec, Token);
        again.CollectionId.ShouldBe(failed.CollectionId);
        var done = await lab.EndAsync(again.CollectionId, Token);
        done.Inputs.ShouldHaveSingleItem().Result.ShouldBe(InputOutcome.Ok);
        (await lab.ReadAsync(ListKey.Of(ApiEndpoint.Followers, subject[0]), Token)).Items.ShouldBe(lab.Length(ApiEndpoint.Followers, subject[0]));
    }

    [Theory]
    [InlineData("QUOTA_DAILY_REQUESTS", ApiEndpoint.UserInfo, ApiEndpoint.Followers)]
    [InlineData("QUOTA_DAILY_FOLLOW_REQUESTS", ApiEndpoint.Followers, ApiEndpoint.UserInfo)]
    public async Task One_budget_that_is_spent_does_not_stop_the_other(string spent, ApiEndpoint waits, ApiEndpoint goesOn)
    {
        await using var lab = await ListsLab.StartAsync(SandboxManners.Polite, Token, (spent, "2"));
        var waiting = await lab.SubmitAsync(waits, lab.Subjects(waits, 20), Token);
        var status = await lab.Caller.UntilAsync(waiting, now => now.State is V1.CollectionState.WaitingForQuota, Token);
        (status.Quota.Bucket, status.Quota.Used, status.Quota.Limit).ShouldBe((waits.Bucket(), 2, 2));

        var done = await lab.EndAsync(await lab.SubmitAsync(goesOn, lab.Subjects(goesOn, 12), Token), Token);

        done.State.ShouldBe(V1.CollectionState.Complete);
        (done.Quota.Bucket, done.Quota.Used).ShouldBe((goesOn.Bucket(), done.Requests.Sent));
        (await lab.Caller.Arena.GetCollectionAsync(new() { CollectionId = waiting }, lab.Caller.Key, cancellationToken: Token)).Status.State.ShouldBe(V1.CollectionState.WaitingForQuota);
        lab.Sandbox.Log.All.Count(request => request.Endpoint is SandboxEndpoint.Followers == (waits is ApiEndpoint.Followers) && request.Endpoint is not SandboxEndpoint.Token).ShouldBe(2);
    }

    [Fact]
    public async Task A_missing_scope_fails_its_collection_plainly_with_one_request_and_one_token()
    {
        await using var lab = await ListsLab.StartAsync(SandboxManners.Polite, Token);
        lab.Sandbox.Faults = SandboxFaults.Polite with { ScopeNotAuthorized = [SandboxEndpoint.Followers] };

        var failed = await lab.EndAsync(await lab.SubmitAsync(ApiEndpoint.Followers, lab.Subjects(ApiEndpoint.Followers, 5), Token), Token);
        var done = await lab.EndAsync(await lab.SubmitAsync(ApiEndpoint.UserInfo, lab.Subjects(ApiEndpoint.UserInfo, 3), Token), Token);

        failed.State.ShouldBe(V1.CollectionState.Failed);
        failed.Failure.ShouldBe("scope_not_authorized for user/followers");
        done.State.ShouldBe(V1.CollectionState.Complete);
        lab.Sandbox.Log.Of(SandboxEndpoint.Followers).Count.ShouldBe(1);
        lab.Sandbox.Log.Of(SandboxEndpoint.Token).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_arena_names_a_kind_for_each_list()
    {
        await using var lab = await ListsLab.StartAsync(SandboxManners.Polite, Token);

        var arena = await lab.Caller.Arena.DescribeArenaAsync(new(), lab.Caller.Key, cancellationToken: Token);

        arena.Kinds.ShouldBe(["terms", "actors", "videos", "query", "comments", "replies", "users", "followers", "following", "liked", "pinned", "reposted", "playlist", "shops", "products", "reviews"]);
    }

    [Fact]
    public async Task Profiles_of_actors_and_of_users_are_read_once()
    {
        await using var lab = await ListsLab.StartAsync(SandboxManners.Polite, Token);
        var names = lab.Subjects(ApiEndpoint.UserInfo, 3);
        await lab.EndAsync(await lab.SubmitAsync(ApiEndpoint.UserInfo, names.Take(2), Token), Token);

        await lab.EndAsync((await lab.SubmitAsync(new CollectionSpec { Actors = { names }, Days = new() { From = "2026-02-01", To = "2026-02-02" } }, Token)).CollectionId, Token);
        var again = await lab.EndAsync(await lab.SubmitAsync(ApiEndpoint.UserInfo, names, Token), Token);

        again.Inputs.ShouldAllBe(input => input.Result == InputOutcome.Ok);
        lab.Sandbox.Log.Of(SandboxEndpoint.UserInfo).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_limit_of_units_stops_between_pages_and_says_which_lists_are_missing()
    {
        await using var lab = await ListsLab.StartAsync(SandboxManners.Polite, Token);

        var done = await lab.EndAsync((await lab.SubmitAsync(new CollectionSpec { List = ApiEndpoint.UserInfo, Subjects = { lab.Subjects(ApiEndpoint.UserInfo, 5) }, MaxUnits = 2 }, Token)).CollectionId, Token);

        done.State.ShouldBe(V1.CollectionState.CompleteWithGaps);
        done.Inputs.Select(input => $"{input.Result} {input.Reason}".TrimEnd()).ShouldBe(["Ok", "Ok", "Failed limit_reached", "Failed limit_reached", "Failed limit_reached"]);
        lab.Sandbox.Log.Of(SandboxEndpoint.UserInfo).Count.ShouldBe(2);
    }

    /// <summary>Positions of the list, deleted items included, that pages are counted by.</summary>
    private static int Positions(ListsLab lab, ApiEndpoint endpoint, string subject) => endpoint switch
    {
        ApiEndpoint.Followers => lab.Sandbox.World.FollowersOf(subject).Count,
        ApiEndpoint.Following => lab.Sandbox.World.FollowedBy(subject).Count,
        ApiEndpoint.LikedVideos => lab.Sandbox.World.LikedBy(subject).Count,
        ApiEndpoint.RepostedVideos => lab.Sandbox.World.RepostedBy(subject).Count,

        // Only a page that is not full says that it is the last.
        ApiEndpoint.Products or ApiEndpoint.Reviews => lab.Length(endpoint, subject) + 1,
        _ => lab.Length(endpoint, subject),
    };
}
