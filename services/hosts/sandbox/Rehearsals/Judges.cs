namespace IssueObservatory.Mesh.Sandbox.Rehearsals;

/// <summary>Reads off the requests since a scenario began what the client made of it.</summary>
internal static class Judges
{
    private const int MostRepetitions = 5;

    public static IReadOnlyList<SandboxCheck> TokenEnds(IReadOnlyList<SandboxRequest> log)
    {
        var refused = log.FirstOrDefault(request => request.ErrorCode == "access_token_invalid");
        var then = After(log, refused);
        var next = then.FirstOrDefault(request => request.Endpoint != SandboxEndpoint.Token);
        return
        [
            new("fetches exactly one new token", next is null ? null : then.TakeWhile(request => request != next).Count() == 1),
            new("sends the same request again", IsSame(refused, next)),
        ];
    }

    public static IReadOnlyList<SandboxCheck> ScopeMissing(IReadOnlyList<SandboxRequest> log)
    {
        var refused = log.FirstOrDefault(request => request.ErrorCode == "scope_not_authorized");
        var then = After(log, refused);
        return
        [
            new("fetches no new token for it", refused is null ? null : then.All(request => request.Endpoint != SandboxEndpoint.Token)),
            new("asks that endpoint at most once more", refused is null ? null : then.Count(request => request.Endpoint == refused.Endpoint) <= 1),
        ];
    }

    public static IReadOnlyList<SandboxCheck> SlowDown(IReadOnlyList<SandboxRequest> log)
    {
        var refused = log.Where(request => request.ErrorCode == "rate_limit_exceeded").ToList();
        var pairs = refused.Select(request => (Refused: request, Next: After(log, request).FirstOrDefault(next => next.Endpoint == request.Endpoint))).ToList();
        bool? Seen(bool holds) => refused.Count < 2 || pairs.Any(pair => pair.Next is null) ? null : holds;
        return
        [
            new("waits a second or more each time", Seen(pairs.All(pair => pair.Next?.At - pair.Refused.At >= TimeSpan.FromSeconds(1)))),
            new("sends the same request again", Seen(pairs.All(pair => IsSame(pair.Refused, pair.Next) == true))),
        ];
    }

    public static IReadOnlyList<SandboxCheck> DayIsSpent(IReadOnlyList<SandboxRequest> log)
    {
        var refused = log.FirstOrDefault(request => request.ErrorCode == "daily_quota_limit_exceeded");
        var then = After(log, refused).Where(request => request.Endpoint != SandboxEndpoint.Token).ToList();
        bool? goesOn = then.Exists(request => request.IsGood && request.At.UtcDateTime.Date > refused!.At.UtcDateTime.Date) ? true : null;
        return
        [
            new("sends nothing more that day", refused is null ? null
                : !then.Exists(request => request.At.UtcDateTime.Date == refused.At.UtcDateTime.Date && IsFollow(request) == IsFollow(refused))),
            new("goes on after 00:00 UTC", goesOn),
        ];
    }

    public static IReadOnlyList<SandboxCheck> SearchNotReady(IReadOnlyList<SandboxRequest> log)
    {
        var refused = log.FirstOrDefault(request => request is { Scripted: true, SearchId: not null });
        var then = After(log, refused).Where(request => request.Endpoint == SandboxEndpoint.VideoQuery).ToList();
        var end = then.FindIndex(request => request.IsGood && IsSame(refused, request) == true);
        return
        [
            new("asks again with the same search_id and cursor", end >= 0 ? true : then.Count > 0 && IsSame(refused, then[0]) == false ? false : null),
            new("opens no other search meanwhile", end < 0 ? null : then.Take(end).All(request => request.SearchId is not null)),
        ];
    }

    public static IReadOnlyList<SandboxCheck> SearchLost(IReadOnlyList<SandboxRequest> log)
    {
        var refused = log.FirstOrDefault(request => request is { SearchId: not null, ErrorCode: "invalid_params" });
        var then = After(log, refused).Where(request => request.Endpoint == SandboxEndpoint.VideoQuery).ToList();
        var again = then.FindIndex(request => request.SearchId is null);
        var next = again < 0 ? null : then[again];
        return
        [
            new($"gives up after at most {MostRepetitions} repetitions", again >= 0 ? again <= MostRepetitions : then.Count > MostRepetitions ? false : null),
            new("opens a new search that reads no newer days again", next is null ? null
                : next.StartDate == refused!.StartDate && string.CompareOrdinal(next.EndDate, refused.EndDate) <= 0),
        ];
    }

    public static IReadOnlyList<SandboxCheck> DarkDays(IReadOnlyList<SandboxRequest> log)
    {
        var refused = log.Where(request => request is { Endpoint: SandboxEndpoint.VideoQuery, Status: 500 }).ToList();
        var most = refused.GroupBy(request => request.Body, StringComparer.Ordinal).Select(group => group.Count()).DefaultIfEmpty().Max();
        return [new("asks for the same days at most twice", refused.Count < 2 ? null : most <= 2)];
    }

    public static IReadOnlyList<SandboxCheck> FalseError(IReadOnlyList<SandboxRequest> log)
    {
        var false500 = log.Where(request => request is { Status: 500, ErrorCode: "ok" }).ToList();
        return
        [
            new("takes the body and does not ask again", false500.Count == 0 ? null
                : false500.GroupBy(request => (request.Endpoint, request.Fields, request.Body)).All(group => group.Count() == 1)),
        ];
    }

    private static IReadOnlyList<SandboxRequest> After(IReadOnlyList<SandboxRequest> log, SandboxRequest? request) =>
        request is null ? [] : [.. log.Where(later => later.Number > request.Number)];

    private static bool? IsSame(SandboxRequest? one, SandboxRequest? other) =>
        one is null || other is null ? null : one.Endpoint == other.Endpoint && one.Body == other.Body && one.Fields == other.Fields;

    private static bool IsFollow(SandboxRequest request) => request.Endpoint is SandboxEndpoint.Followers or SandboxEndpoint.Following;
}
