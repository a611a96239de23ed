using IssueObservatory.Mesh.Integration.Privacy;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Telemetry;

/// <summary>What an OpenTelemetry collector gets from the commands of a whole run.</summary>
public sealed class TelemetryOfARunTests(ObservedRun run) : IClassFixture<ObservedRun>
{
    private readonly OtlpReceiver receiver = run.Receiver;

    [Fact]
    public void One_trace_leads_from_the_command_to_the_stored_record()
    {
        var root = receiver.Spans.Single(span => span.Name == "mesh collect terms");
        root.ParentId.ShouldBeEmpty();
        var spans = receiver.Spans.Where(span => span.TraceId == root.TraceId).ToList();
        string[] toPage =
        [
            "IssueObservatory.Mesh: mesh collect terms",
            "Grpc.Net.Client: Grpc.Net.Client.GrpcOut",
            "System.Net.Http: POST",
            "Microsoft.AspNetCore: issueobservatory.mesh.v1.TikTokArena/SubmitCollection",
            "IssueObservatory.Mesh: mesh.search.page",
        ];
        Ways(spans, span => span.Name == "POST" && span.Attributes.GetValueOrDefault("url.full", "").StartsWith(new Uri(run.Api, "/v2/research/video/query/").ToString(), StringComparison.Ordinal))
            .ShouldAllBe(way => way.SequenceEqual(toPage.Append("System.Net.Http: POST")));
        Ways(spans, span => span.Name == "issueobservatory.mesh.v1.QuotaGovernor/ReserveQuota").ShouldAllBe(way => way.Take(toPage.Length).SequenceEqual(toPage));
        Ways(spans, span => span is { Name: "write normalizer" } && span.Attributes.GetValueOrDefault("db.system.name") == "sqlite").ShouldAllBe(way => way.SequenceEqual(toPage.Concat(
            new[]
            {
                "MassTransit: urn:message:IssueObservatory.Mesh.Messages:PageStored send",
                "MassTransit: normalizer-page-stored receive",
                "MassTransit: normalizer-page-stored process",
                "IssueObservatory.Mesh: write normalizer",
            })));
        Ways(spans, span => span.Name == "refresh-scheduler-page-normalized process").ShouldAllBe(way => way[0] == toPage[0]);
    }

    [Fact]
    public void Every_measurement_that_there_is_arrives()
    {
        receiver.Measurements.Where(name => name.StartsWith("mesh.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(
        [
            "mesh.gap.days",
            "mesh.quarantine.items",
            "mesh.quota.limit",
            "mesh.quota.used",
            "mesh.records",
            "mesh.records_per_request",
            "mesh.refresh.due",
            "mesh.requests",
            "mesh.token.age",
        ]);
        receiver.Measurements.ShouldContain("rpc.server.call.duration");
        receiver.Measurements.ShouldContain("http.client.request.duration");
    }

    [Fact]
    public void No_secret_name_or_query_is_exported_or_logged()
    {
        receiver.Paths.ShouldBe(["/v1/traces", "/v1/metrics", "/v1/logs"], ignoreOrder: true);
        receiver.Everything.ShouldContain("/v2/oauth/token/");
        receiver.Everything.ShouldContain("/v2/research/user/info/");
        string[] everywhere = [Canaries.Secret, Canaries.Token, Canaries.AnyToken, Canaries.Author, Canaries.Mentioned, Canaries.DisplayName];
        foreach (var canary in (string[])[.. everywhere, Canaries.AnyName, Canaries.Word, Canaries.Hashtag])
        {
            receiver.Everything.ShouldNotContain(canary, Case.Insensitive);
        }

        foreach (var canary in everywhere)
        {
            run.Written.ShouldNotContain(canary, Case.Insensitive);
        }

        // What was typed comes back to who typed it, but not in what the services log.
        var logged = string.Join('\n', run.Written.Split('\n').Where(line => line.StartsWith("warning", StringComparison.Ordinal) || line.StartsWith("error", StringComparison.Ordinal)));
        logged.ShouldNotContain(Canaries.AnyName, Case.Insensitive);
        logged.ShouldNotContain(Canaries.Word, Case.Insensitive);
        logged.ShouldNotContain(Canaries.Hashtag, Case.Insensitive);
    }

    /// <summary>The ways from the root of the trace to each span of a kind; there is at least one.</summary>
    private static List<List<string>> Ways(IReadOnlyList<OtlpSpan> spans, Func<OtlpSpan, bool> isLast)
    {
        var byId = spans.ToDictionary(span => span.SpanId, StringComparer.Ordinal);
        var ways = spans.Where(isLast).Select(last => WayTo(last, byId)).ToList();
        ways.ShouldNotBeEmpty(string.Join('\n', spans.Select(span => $"{span.Name} {span.Attributes.GetValueOrDefault("url.full")}").Distinct(StringComparer.Ordinal)));
        return ways;
    }

    private static List<string> WayTo(OtlpSpan last, Dictionary<string, OtlpSpan> byId)
    {
        List<string> way = [];
        for (var span = last; span is not null; span = byId.GetValueOrDefault(span.ParentId))
        {
            way.Insert(0, $"{span.Source}: {span.Name}");
        }

        return way;
    }
}
