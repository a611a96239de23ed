using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Decides on one request at a time: who asks, whether the day has room, what the script and the faults say, what is true.</summary>
internal sealed class ResearchApi
{
    private const string Root = "/v2/research/";

    private readonly Lock gate = new();
    private readonly SandboxOptions options;
    private readonly SandboxClock clock;
    private readonly SandboxLog log;
    private readonly SandboxScript script;
    private readonly Tokens tokens;
    private readonly DailyBuckets buckets;
    private readonly SlidingMinute minute = new();
    private readonly Chances chances;
    private readonly Envelope envelope;
    private readonly TokenEndpoint tokenEndpoint;
    private readonly Dictionary<string, IEndpoint> endpoints;
    private SandboxFaults faults = new();
    private int rateLimitedLeft;
    private int number;

    public ResearchApi(SandboxOptions options, SandboxClock clock, SandboxWorld world, SandboxLog log, SandboxScript script)
    {
        (this.options, this.clock, this.log, this.script) = (options, clock, log, script);
        var random = new SeededRandom(SeededRandom.Mix(options.Seed, 0x0A91));
        envelope = new(random, clock);
        chances = new(options.Seed);
        tokens = new(options, new(SeededRandom.Mix(options.Seed, 0x70CE)));
        buckets = new(options);
        tokenEndpoint = new(options, tokens, envelope, random);
        var tasks = new ComplianceTasks();
        endpoints = new IEndpoint[]
        {
            new VideoQueryEndpoint(world, new(chances, random), random),
            new CommentEndpoint(world),
            new UserInfoEndpoint(world),
            new FollowEndpoint(world, followers: true),
            new FollowEndpoint(world, followers: false),
            new LikedEndpoint(world),
            new PinnedEndpoint(world),
            new RepostedEndpoint(world),
            new PlaylistEndpoint(world),
            new ShopEndpoint(world),
            new ProductEndpoint(world),
            new ReviewEndpoint(world),
            new ComplianceCreateEndpoint(tasks),
            new ComplianceStatusEndpoint(tasks),
            new ComplianceDownloadEndpoint(tasks, world),
        }.ToDictionary(endpoint => Root + endpoint.Path, StringComparer.Ordinal);
        Faults = options.Faults ?? SandboxFaults.Of(options.Manners);
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
            return [.. buckets.Organisations.Select(key => new SandboxUsage(
                key, DateOnly.FromDateTime(now.UtcDateTime), buckets.Used(key, follow: false, now), buckets.Limit(follow: false), buckets.Used(key, follow: true, now), buckets.Limit(follow: true)))];
        }
    }

    public Delivery Handle(WireCall wire)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var path = wire.Path.TrimEnd('/');
            var decision = wire.Method != "POST" ? Unsupported(new(405, "invalid_request", "Only POST is supported"))
                : path == "/v2/oauth/token" ? Token(wire, now)
                : endpoints.TryGetValue(path, out var endpoint) ? Research(wire, endpoint, now)
                : Unsupported(new(404, "unsupported_path", "Unsupported path"));
            Record(wire, decision, now);
            return Deliver(decision, now);
        }
    }

    private Decision Unsupported(Outcome outcome) => new(null, envelope.Write(outcome, SandboxEndpoint.Unknown));

    private Decision Token(WireCall wire, DateTimeOffset now)
    {
        var key = TokenEndpoint.ClientKey(wire);
        var call = new SandboxCall { Endpoint = SandboxEndpoint.Token, ClientKey = key };
        return Play(call, counted: false, () => new(call, tokenEndpoint.Answer(wire, faults, now)));
    }

    private Decision Research(WireCall wire, IEndpoint endpoint, DateTimeOffset now)
    {
        var key = tokens.Accept(wire.Authorization, faults, now);
        var call = CallReader.Read(wire, endpoint.Kind, key);
        if (key is null)
        {
            return Refuse(call, SandboxError.TokenInvalid);
        }

        if (faults.ScopeNotAuthorized.Contains(endpoint.Kind))
        {
            return Refuse(call, SandboxError.ScopeNotAuthorized);
        }

        var organisation = options.Organisations.GetValueOrDefault(key, key);
        if (rateLimitedLeft > 0 || !minute.Admits(organisation, faults.RequestsPerMinute ?? options.Rules.RequestsPerMinute, now))
        {
            rateLimitedLeft = Math.Max(0, rateLimitedLeft - 1);
            return Refuse(call, SandboxError.RateLimited);
        }

        if (buckets.IsSpent(organisation, endpoint.Kind, now))
        {
            return Refuse(call, SandboxError.DailyLimit);
        }

        var decision = Play(call, counted: true, () => Normal(wire, endpoint, call, now));
        if (decision.Counted)
        {
            buckets.Count(organisation, endpoint.Kind, now);
        }

        return decision;
    }

    /// <summary>What the endpoint says, unless it fails in between or on the way out.</summary>
    private Decision Normal(WireCall wire, IEndpoint endpoint, SandboxCall call, DateTimeOffset now)
    {
        if (Happens(faults.ServerErrors, call))
        {
            return Refuse(call, SandboxError.ServerError);
        }

        var outcome = endpoint.Answer(new(wire, faults, options.Rules, now));
        if (outcome.IsOk && Happens(faults.FalseServerErrors, call))
        {
            outcome = outcome with { Status = 500 };
        }

        return new(call, envelope.Write(outcome, endpoint.Kind))
        {
            SearchId = (string?)outcome.Data["search_id"],
            HasMore = (bool?)outcome.Data["has_more"],
        };
    }

    private bool Happens(IReadOnlyList<SandboxFailure> failures, SandboxCall call) => failures.Any(failure =>
        failure.Concerns(call) && chances.Of(ReferenceEquals(failures, faults.ServerErrors) ? "500" : "false 500", $"{call.Endpoint} {call.Body}").Chance(failure.Share));

    private Decision Refuse(SandboxCall call, SandboxError error) => new(call, envelope.Write(Outcome.Of(error, call.SearchId), call.Endpoint));

    private Decision Play(SandboxCall call, bool counted, Func<Decision> normal)
    {
        var (reply, sequence) = script.Take(call);
        var decision = reply switch
        {
            null => normal(),
            NormalReply mangled => normal() with { Mangled = mangled },
            ErrorReply error => Refuse(call, error.Kind),
            HugeReply huge => new(call, Huge(huge.Size)),
            FixedReply fixedReply => new(call, new(fixedReply.Status, fixedReply.Body) { Headers = fixedReply.Headers }),
            _ => new Decision(call, null),
        };
        return decision with { Scripted = reply is not null, Sequence = sequence, Counted = counted && decision.Answer?.Status is not (401 or 429) };
    }

    private Answer Huge(int bytes) =>
        envelope.Write(Outcome.Ok(new() { ["padding"] = new string('x', bytes), ["videos"] = new JsonArray() }), SandboxEndpoint.VideoQuery);

    private void Record(WireCall wire, Decision decision, DateTimeOffset now) => log.Add(new()
    {
        Number = ++number,
        At = now,
        Endpoint = decision.Call?.Endpoint ?? SandboxEndpoint.Unknown,
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
        Sequence = decision.Sequence,
        Records = decision.Answer?.Records,
        NextSearchId = decision.SearchId,
        HasMore = decision.HasMore,
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

        public string? Sequence { get; init; }

        public NormalReply? Mangled { get; init; }

        public string? SearchId { get; init; }

        public bool? HasMore { get; init; }
    }
}
