using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.Api;
using IssueObservatory.Mesh.Sandbox.Rehearsals;

namespace IssueObservatory.Mesh.Sandbox.Management;

/// <summary>The surface for tests in other processes. It has a port of its own, so no client of the API can meet it.</summary>
internal sealed class ManagementHandler(ResearchApi api, RehearsalRoom rehearsals, SandboxWorld world, SandboxLog log, SandboxScript script, SandboxClock clock, SandboxManners manners)
{
    public async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        try
        {
            var (type, lines) = Answer($"{context.Request.Method} {context.Request.Path.Value?.TrimEnd('/')}", body);
            context.Response.ContentType = type;
            foreach (var line in lines)
            {
                await context.Response.WriteAsync(line + "\n", context.RequestAborted);
            }
        }
        catch (FormatException e)
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(JsonSerializer.Serialize(new { Error = e.Message }, SandboxJson.Options), context.RequestAborted);
        }
    }

    private (string Type, IEnumerable<string> Lines) Answer(string route, string body) => route switch
    {
        "GET /log" => Lines(log.All),
        "GET /counts" => Object(Counts()),
        "GET /report" => Object(SandboxReport.Of(log.All)),
        "GET /scenarios" => Lines(SandboxScenario.All.Select(scenario => new { scenario.Name, scenario.Sentence })),
        _ when route.StartsWith("POST /scenarios/", StringComparison.Ordinal) => Object(Begin(Scenario(route))),
        _ when route.StartsWith("GET /scenarios/", StringComparison.Ordinal) => Object(Verdict(Scenario(route))),
        "POST /clock" => Object(MoveClock(SandboxJson.Read<ClockMove>(body))),
        "POST /faults" => Object(SetFaults(SandboxJson.ReadFaults(SandboxFaults.Of(manners), body))),
        "POST /script" => Object(Enqueue(SandboxJson.Read<List<SandboxScriptedReply>>(body))),
        "POST /revoke" => Object(Revoke()),
        "POST /videos" => Lines(Find(body)),
        _ => throw new FormatException($"{route} is unknown; there are GET /log, GET /counts, GET /report, GET /scenarios, POST and GET /scenarios/NAME, POST /clock, POST /faults, POST /script, POST /revoke, POST /videos"),
    };

    private static (string Type, IEnumerable<string> Lines) Object<T>(T value) => ("application/json", [JsonSerializer.Serialize(value, SandboxJson.Options)]);

    private static (string Type, IEnumerable<string> Lines) Lines<T>(IEnumerable<T> items) =>
        ("application/x-ndjson", items.Select(item => JsonSerializer.Serialize(item, SandboxJson.Options)));

    private object Counts()
    {
        var all = log.All;
        return new
        {
            Requests = all.Count,
            Counted = all.Count(request => request.Counted),
            ByStatus = all.GroupBy(request => request.Status?.ToString(CultureInfo.InvariantCulture) ?? "none", StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal),
            ScriptRemaining = script.Remaining,
            Usage = api.Usage(),
        };
    }

    private object MoveClock(ClockMove move)
    {
        if (move.UtcNow is null == move.AdvanceSeconds is null)
        {
            throw new FormatException("give either utc_now or advance_seconds");
        }

        if (move.UtcNow is { } now)
        {
            clock.SetUtcNow(now);
        }
        else if (Span.TryParse(move.AdvanceSeconds?.ToString(CultureInfo.InvariantCulture), out var span))
        {
            clock.Advance(span);
        }
        else
        {
            throw new FormatException("advance_seconds must be between -1000000000 and 1000000000");
        }

        return new { UtcNow = clock.GetUtcNow() };
    }

    private object SetFaults(SandboxFaults faults)
    {
        api.Faults = faults;
        return new { Faults = faults };
    }

    private object Enqueue(List<SandboxScriptedReply> entries)
    {
        if (entries.Select(entry => entry.FirstError()).FirstOrDefault(error => error is not null) is { } error)
        {
            throw new FormatException(error);
        }

        foreach (var entry in entries)
        {
            script.Enqueue(entry);
        }

        return new { script.Remaining };
    }

    private static SandboxScenario Scenario(string route)
    {
        var name = route[(route.LastIndexOf('/') + 1)..];
        return SandboxScenario.All.FirstOrDefault(scenario => scenario.Name == name)
            ?? throw new FormatException($"{name} is no scenario; there are {string.Join(", ", SandboxScenario.All.Select(scenario => scenario.Name))}");
    }

    private object Begin(SandboxScenario scenario)
    {
        rehearsals.Begin(scenario);
        return new { Begun = scenario.Name, scenario.Sentence };
    }

    private SandboxVerdict Verdict(SandboxScenario scenario) =>
        rehearsals.Judge(scenario) ?? throw new FormatException($"{scenario.Name} was not begun; POST it first");

    private object Revoke()
    {
        api.RevokeTokens();
        return new { Revoked = true };
    }

    /// <summary>The truth behind a request body of the video query: what is found now, on all pages together.</summary>
    private IEnumerable<JsonObject> Find(string body)
    {
        var now = clock.GetUtcNow();
        var request = new ApiRequest(new("POST", "", null, null, null, System.Text.Encoding.UTF8.GetBytes(body)), SandboxFaults.Polite, new(), now);
        var query = VideoQuery.ReadForTruth(request);
        if (request.Errors.Count > 0)
        {
            throw new FormatException(string.Join("; ", request.Errors));
        }

        return world.Find(query.Query, query.Start, query.End, now).Select(video =>
        {
            var counts = video.CountsAt(now);
            return new JsonObject(VideoJson.Fields.Select(field => KeyValuePair.Create(field, VideoJson.Value(video, field, counts))).Where(pair => pair.Value is not null));
        });
    }

    private sealed record ClockMove
    {
        public DateTimeOffset? UtcNow { get; init; }

        public double? AdvanceSeconds { get; init; }
    }
}
