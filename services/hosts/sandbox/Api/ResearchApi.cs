using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Decides on one request at a time: who asks, whether the day has room, what the script and the faults say, what is true.</summary>
internal sealed class ResearchApi
{
    private readonly Lock gate = new();
    private readonly SandboxOptions options;
    private readonly SandboxClock clock;
    private readonly SandboxLog log;
    private readonly SandboxScript script;
    private readonly Tokens tokens;
    private readonly DailyBuckets buckets;
    private readonly Envelope envelope;
    private readonly TokenEndpoint tokenEndpoint;
    private readonly VideoQueryEndpoint videoQuery;
    private readonly UserInfoEndpoint userInfo;
    private readonly FollowEndpoint follow;
    private readonly Dictionary<string, Queue<DateTimeOffset>> lastMinute = new(StringComparer.Ordinal);
    private SandboxFaults faults = new();
    private int rateLimitedLeft;
    private int number;

    public ResearchApi(SandboxOptions options, SandboxClock clock, SandboxWorld world, SandboxLog log, SandboxScript script)
    {
        (this.options, this.clock, this.log, this.script) = (options, clock, log, script);
        var random = new SeededRandom(SeededRandom.Mix(options.Seed, 0x0A91));
        envelope = new(random, clock);
        tokens = new(options, new(SeededRandom.Mix(options.Seed, 0x70CE)));
        buckets = new(options);
        tokenEndpoint = new(options, tokens, envelope);
        videoQuery = new(world, new(random), envelope, random);
        userInfo = new(world, envelope, random);
        follow = new(world, envelope, random);
        Faults = options.Faults;
    }

    public SandboxFaults Faults
    {
        get
        {
            lock (gate)
            {
                return faults;
            }
        }

        set
        {
            if (value.FirstError() is { } error)
            {
                throw new ArgumentException(error, nameof(value));
            }

            lock (gate)
            {
                faults = value;
                rateLimitedLeft = value.RateLimitedRequests;
                if (value.DailyLimitReached)
                {
                    buckets.SpendDay(clock.GetUtcNow());
                }
                else
                {
                    buckets.Restore();
                }

                foreach (var entry in value.Script)
                {
                    script.Enqueue(entry);
                }
            }
        }
    }

    public void RevokeTokens()
    {
        lock (gate)
        {
            tokens.RevokeAll();
        }
    }

    public IReadOnlyList<SandboxUsage> Usage()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            return [.. buckets.ClientKeys.Select(key => new SandboxUsage(
                key, DateOnly.FromDateTime(now.UtcDateTime), buckets.Used(key, follow: false, now), buckets.Limit(follow: false), buckets.Used(key, follow: true, now), buckets.Limit(follow: true)))];
        }
    }

    public Delivery Handle(WireCall wire)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var endpoint = Route(wire);
            var decision = endpoint switch
            {
                SandboxEndpoint.Unknown => new Decision(null, Unsupported(wire)),
                SandboxEndpoint.Token => Token(wire, now),
                _ => Research(wire, endpoint, now),
            };
            Record(wire, endpoint, decision, now);
            return Deliver(decision, now);
        }
    }

    private static SandboxEndpoint Route(WireCall wire) => wire.Method != "POST" ? SandboxEndpoint.Unknown : wire.Path.TrimEnd('/') switch
    {
        "/v2/oauth/token" => SandboxEndpoint.Token,
        "/v2/research/video/query" => SandboxEndpoint.VideoQuery,
        "/v2/research/user/info" => SandboxEndpoint.UserInfo,
        "/v2/research/user/followers" => SandboxEndpoint.Followers,
        "/v2/research/user/following" => SandboxEndpoint.Following,
        _ => SandboxEndpoint.Unknown,
    };

    private Answer Unsupported(WireCall wire) => wire.Method == "POST"
        ? envelope.Error(404, "unsupported_path", "Unsupported path")
        : envelope.Error(405, "invalid_request", "Only POST is supported");

    private Decision Token(WireCall wire, DateTimeOffset now)
    {
        var key = TokenEndpoint.ClientKey(wire);
        var call = new SandboxCall { Endpoint = SandboxEndpoint.Token, ClientKey = key };
        return Play(call, script.Take(call), counted: false, () => tokenEndpoint.Answer(wire, Faults, now));
    }

    private Decision Research(WireCall wire, SandboxEndpoint endpoint, DateTimeOffset now)
    {
        var key = tokens.Accept(wire.Authorization, faults, now);
        var call = Describe(wire, endpoint, key);
        if (key is null)
        {
            return new(call, envelope.Error(SandboxError.TokenInvalid));
        }

        if (faults.ScopeNotAuthorized.Contains(endpoint))
        {
            return new(call, envelope.Error(SandboxError.ScopeNotAuthorized));
        }

        if (rateLimitedLeft > 0 || IsTooFast(key, now))
        {
            rateLimitedLeft = Math.Max(0, rateLimitedLeft - 1);
            return new(call, envelope.Error(SandboxError.RateLimited));
        }

        if (buckets.IsSpent(key, endpoint, now))
        {
            return new(call, envelope.Error(SandboxError.DailyLimit));
        }

        var decision = Play(call, script.Take(call), counted: true, () => endpoint switch
        {
            SandboxEndpoint.VideoQuery => videoQuery.Answer(wire, faults, now),
            SandboxEndpoint.UserInfo => userInfo.Answer(wire, now),
            _ => follow.Answer(wire, endpoint == SandboxEndpoint.Followers, now),
        });
        if (decision.Counted)
        {
            buckets.Count(key, endpoint, now);
        }

        return decision;
    }

    private bool IsTooFast(string key, DateTimeOffset now)
    {
        if (faults.RequestsPerMinute is not { } limit)
        {
            return false;
        }

        if (!lastMinute.TryGetValue(key, out var times))
        {
            lastMinute[key] = times = [];
        }

        while (times.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(1))
        {
            times.Dequeue();
        }

        if (times.Count >= limit)
        {
            return true;
        }

        times.Enqueue(now);
        return false;
    }

    private Decision Play(SandboxCall call, SandboxReply? reply, bool counted, Func<Answer> normal)
    {
        var decision = reply switch
        {
            null => new(call, normal()),
            NormalReply mangled => new Decision(call, normal()) { Mangled = mangled },
            ErrorReply error => new Decision(call, envelope.Error(error.Kind, call.SearchId)),
            HugeReply huge => new Decision(call, Huge(huge.Size)),
            FixedReply fixedReply => new Decision(call, new(fixedReply.Status, fixedReply.Body) { Headers = fixedReply.Headers }),
            _ => new Decision(call, null),
        };
        return decision with { Scripted = reply is not null, Counted = counted && decision.Answer?.Status is not (401 or 429) };
    }

    private Answer Huge(int bytes) => envelope.Ok(new JsonObject { ["padding"] = new string('x', bytes), ["videos"] = new JsonArray() });

    private static SandboxCall Describe(WireCall wire, SandboxEndpoint endpoint, string? key)
    {
        var call = new SandboxCall { Endpoint = endpoint, ClientKey = key, Body = Encoding.UTF8.GetString(wire.Body.Span) };
        try
        {
            using var document = JsonDocument.Parse(wire.Body);
            return document.RootElement is not { ValueKind: JsonValueKind.Object } root ? call : call with
            {
                StartDate = Text(root, "start_date"),
                EndDate = Text(root, "end_date"),
                SearchId = Text(root, "search_id"),
                Cursor = Number(root, "cursor"),
                MaxCount = Number(root, "max_count"),
            };
        }
        catch (JsonException)
        {
            return call;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private void Record(WireCall wire, SandboxEndpoint endpoint, Decision decision, DateTimeOffset now) => log.Add(new()
    {
        Number = ++number,
        At = now,
        Endpoint = endpoint,
        Path = wire.Path,
        ClientKey = decision.Call?.ClientKey,
        Fields = wire.Fields,
        Body = decision.Call is { Endpoint: not SandboxEndpoint.Token } call ? call.Body : null,
        StartDate = decision.Call?.StartDate,
        EndDate = decision.Call?.EndDate,
        Cursor = decision.Call?.Cursor,
        SearchId = decision.Call?.SearchId,
        MaxCount = decision.Call?.MaxCount,
        Status = decision.Answer?.Status,
        ErrorCode = decision.Answer?.ErrorCode,
        LogId = decision.Answer?.LogId,
        Counted = decision.Counted,
        Scripted = decision.Scripted,
        Records = decision.Answer?.Records,
        Bytes = decision.Answer?.Body.Length ?? 0,
    });

    private Delivery Deliver(Decision decision, DateTimeOffset now) => new(decision.Answer, now + faults.DateHeaderSkew)
    {
        Mangling = decision.Mangled?.Mangling ?? Mangling.None,
        Share = decision.Mangled?.Share ?? 1,
        Delay = decision.Mangled?.Delay ?? TimeSpan.Zero,
    };

    private sealed record Decision(SandboxCall? Call, Answer? Answer)
    {
        public bool Counted { get; init; }

        public bool Scripted { get; init; }

        public NormalReply? Mangled { get; init; }
    }
}
