using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>The video query.</summary>
internal sealed class VideoQueryEndpoint(SandboxWorld world, Searches searches, SeededRandom random) : IEndpoint
{
    public SandboxEndpoint Kind => SandboxEndpoint.VideoQuery;

    public string Path => "video/query";

    public Outcome Answer(ApiRequest request)
    {
        var fields = request.Fields(VideoJson.Fields);
        var query = VideoQuery.Read(request);
        if (request.Refusal is { } refusal)
        {
            return refusal;
        }

        if (query.CountOrCursorInvalid)
        {
            return Outcome.Of(SandboxError.CursorInvalid);
        }

        if (IsBlackedOut(query, request.Faults))
        {
            return Outcome.Of(SandboxError.ServerError);
        }

        return query.IsRandom ? Sample(query, fields, request) : Page(query, fields, request);
    }

    private static bool IsBlackedOut(VideoQuery query, SandboxFaults faults)
    {
        var classes = query.Query.Classes();
        return faults.Blackouts.Any(blackout =>
                blackout.From <= query.End && blackout.To >= query.Start
                && (blackout.Class is null || classes.Contains(blackout.Class, StringComparer.Ordinal)))
            || faults.PoisonousUsernames.Any(query.Query.Names);
    }

    private Outcome Page(VideoQuery query, IReadOnlyList<string> fields, ApiRequest request)
    {
        var (faults, now) = (request.Faults, request.Now);
        Search? search;
        if (query.SearchId is null)
        {
            if (query.Cursor > 0)
            {
                return Outcome.Of(SandboxError.CursorInvalid);
            }

            search = searches.Open(query, world.Index(query.Query, query.Start, query.End, now), faults, now);
        }
        else
        {
            search = searches.Find(query.SearchId, query.Identity);
            if (search is null || search.PagesServed >= faults.SearchIdExpiresAfterPages)
            {
                return Outcome.Of(SandboxError.SearchIdInvalid, query.SearchId);
            }

            if (search.RefuseUntilReady(now) is { } notReady)
            {
                return Outcome.Of(notReady, query.SearchId);
            }
        }

        if (query.Cursor > search.Positions.Count)
        {
            return Outcome.Of(SandboxError.CursorInvalid);
        }

        search.PagesServed++;
        var page = Pages.ByIndex(search.Positions, new(query.MaxCount, query.Cursor));
        var videos = page.Items.Select(Shown).OfType<SandboxVideo>().ToList();
        var lowerCase = query.Cursor > 0 && (search.IsSparse || faults.LowerCaseRegionOnLaterPages);
        return Reply(videos, fields, request, page.Cursor, page.HasMore, searches.Name(search, faults, now), lowerCase);

        SandboxVideo? Shown(long id) => id != Search.LongGone && world.FindVideo(id) is { } video && world.IsShown(video, now) ? video : null;
    }

    /// <summary>A sample of positions in any order; sampling never ends and never pages through.</summary>
    private Outcome Sample(VideoQuery query, IReadOnlyList<string> fields, ApiRequest request)
    {
        SandboxVideo[] index = [.. world.Index(query.Query, query.Start, query.End, request.Now)];
        random.Shuffle<SandboxVideo>(index);
        var sample = index.Take((int)query.MaxCount).ToList();
        var search = searches.Open(query, [], SandboxFaults.Polite, request.Now);
        var videos = sample.Where(video => world.IsShown(video, request.Now)).ToList();
        return Reply(videos, fields, request, query.Cursor + sample.Count, index.Length > sample.Count, search.Id, lowerCase: false);
    }

    private static Outcome Reply(List<SandboxVideo> videos, IReadOnlyList<string> fields, ApiRequest request, long cursor, bool hasMore, string searchId, bool lowerCase)
    {
        var bare = request.Faults.BareEmptyResults && cursor == 0 && !hasMore;
        var items = videos.Select(video => VideoJson.Item(
            lowerCase ? video with { RegionCode = video.RegionCode.ToLowerInvariant() } : video, fields, request.Faults, request.Now));
        return Outcome.Ok(
            new()
            {
                ["videos"] = bare ? null : new JsonArray([.. items]),
                ["cursor"] = cursor,
                ["has_more"] = hasMore,
                ["search_id"] = bare ? null : searchId,
            },
            videos.Count);
    }
}
