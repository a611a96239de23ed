using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary><c>POST /v2/research/video/query/</c>.</summary>
internal sealed class VideoQueryEndpoint(SandboxWorld world, Searches searches, Envelope envelope, SeededRandom random)
{
    public Answer Answer(WireCall call, SandboxFaults faults, DateTimeOffset now)
    {
        var errors = new List<string>();
        var fields = FieldList.Read(call.Fields, VideoJson.Fields, errors);
        var query = VideoQuery.Read(call.Body, errors);
        if (errors.Count > 0)
        {
            return envelope.InvalidParams("Invalid parameters: " + string.Join("; ", errors));
        }

        if (query.CountOrCursorInvalid)
        {
            return envelope.Error(SandboxError.CursorInvalid);
        }

        if (IsBlackedOut(query, faults))
        {
            return envelope.Error(SandboxError.ServerError);
        }

        return query.IsRandom ? Sample(query, fields, now) : Page(query, fields, faults, now);
    }

    private static bool IsBlackedOut(VideoQuery query, SandboxFaults faults)
    {
        var classes = query.Query.Classes();
        return faults.Blackouts.Any(blackout =>
            blackout.From <= query.End && blackout.To >= query.Start
            && (blackout.Class is null || classes.Contains(blackout.Class, StringComparer.Ordinal)));
    }

    private Answer Page(VideoQuery query, IReadOnlyList<string> fields, SandboxFaults faults, DateTimeOffset now)
    {
        Search? search;
        if (query.SearchId is null)
        {
            if (query.Cursor > 0)
            {
                return envelope.Error(SandboxError.CursorInvalid);
            }

            var index = world.Index(query.Query, query.Start, query.End, now);
            search = searches.Open(query.Identity, Positions(index, query, faults), now);
        }
        else
        {
            search = searches.Find(query.SearchId, query.Identity);
            if (search is null || search.PagesServed >= faults.SearchIdExpiresAfterPages)
            {
                return envelope.Error(SandboxError.SearchIdInvalid, query.SearchId);
            }

            if (search.Refusals < faults.SearchIdNotReadyTries)
            {
                search.Refusals++;
                return envelope.Error(faults.SearchIdNotReadyError, query.SearchId);
            }
        }

        if (query.Cursor > search.Positions.Count)
        {
            return envelope.Error(SandboxError.CursorInvalid);
        }

        search.PagesServed++;
        var page = search.Positions.Skip((int)query.Cursor).Take((int)query.MaxCount).ToList();
        var cursor = query.Cursor + page.Count;
        var videos = page.OfType<SandboxVideo>().Where(video => !video.IsGone(now)).ToList();
        var lowerCase = faults.LowerCaseRegionOnLaterPages && query.Cursor > 0;
        return Reply(videos, fields, faults, now, cursor, cursor < search.Positions.Count, search.Id, lowerCase);
    }

    /// <summary>A sample of positions in any order; sampling never ends and never pages through.</summary>
    private Answer Sample(VideoQuery query, IReadOnlyList<string> fields, DateTimeOffset now)
    {
        SandboxVideo[] index = [.. world.Index(query.Query, query.Start, query.End, now)];
        random.Shuffle<SandboxVideo>(index);
        var sample = index.Take((int)query.MaxCount).ToList();
        var search = searches.Open(query.Identity, [], now);
        var videos = sample.Where(video => !video.IsGone(now)).ToList();
        return Reply(videos, fields, new(), now, query.Cursor + sample.Count, index.Length > sample.Count, search.Id, lowerCase: false);
    }

    /// <summary>The index's positions, with the additional deleted ones that the faults ask for.</summary>
    private List<SandboxVideo?> Positions(IReadOnlyList<SandboxVideo> index, VideoQuery query, SandboxFaults faults)
    {
        var positions = new List<SandboxVideo?>(index.Count);
        foreach (var video in index)
        {
            while (random.Chance(faults.ShortPages))
            {
                positions.Add(null);
            }

            positions.Add(video);
        }

        if (faults.EmptyPageEvery is not { } every)
        {
            return positions;
        }

        var size = (int)query.MaxCount;
        return [.. positions.Chunk(size).SelectMany((page, number) => (number + 1) % every == 0 ? [.. new SandboxVideo?[size], .. page] : page)];
    }

    private Answer Reply(
        List<SandboxVideo> videos, IReadOnlyList<string> fields, SandboxFaults faults, DateTimeOffset now, long cursor, bool hasMore, string searchId, bool lowerCase)
    {
        var bare = faults.BareEmptyResults && cursor == 0 && !hasMore;
        var list = new JsonArray([.. videos.Select(video => Item(lowerCase ? video with { RegionCode = video.RegionCode.ToLowerInvariant() } : video, fields, faults, now))]);
        var data = JsonBody.Shuffled(random,
        [
            new("videos", bare ? null : list),
            new("cursor", cursor),
            new("has_more", hasMore),
            new("search_id", bare ? null : searchId),
        ]);
        return envelope.Ok(data, videos.Count);
    }

    private JsonObject Item(SandboxVideo video, IReadOnlyList<string> fields, SandboxFaults faults, DateTimeOffset now)
    {
        var counts = video.CountsAt(now);
        return JsonBody.Shuffled(random, fields
            .Where(field => !IsLost(video, field, faults))
            .Select(field => KeyValuePair.Create(field, VideoJson.Value(video, field, counts))));
    }

    // The same record lacks the same field on every page that shows it.
    private static bool IsLost(SandboxVideo video, string field, SandboxFaults faults) =>
        faults.MissingFields.TryGetValue(field, out var share)
        && new SeededRandom(SeededRandom.Mix(video.Id, VideoJson.IndexOf(field))).Chance(share);
}
