using System.Text.RegularExpressions;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Unit.Architecture;
using Shouldly;

namespace IssueObservatory.Mesh.Unit.Defaults;

public sealed partial class FailpointTests
{
    private readonly List<FailpointAction> done = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("collector.after_send=kill", "1 2 3 4 5 6")]
    [InlineData("collector.after_send=kill@3", "3")]
    [InlineData("collector.after_send=delay:5@2-4", "2 3 4")]
    [InlineData("collector.after_send=pause@1, collector.after_send=error@6", "1 6")]
    [InlineData("collector.after_keep=kill", "")]
    public async Task A_plan_acts_at_the_hits_that_it_names(string text, string expected)
    {
        var plan = Plan(text);
        List<int> hits = [];
        for (var hit = 1; hit <= 6; hit++)
        {
            done.Clear();
            await plan.HitAsync(FailpointNames.CollectorAfterSend, Token);
            if (done.Count > 0)
            {
                hits.Add(hit);
            }
        }

        string.Join(' ', hits).ShouldBe(expected);
    }

    [Fact]
    public async Task Every_place_is_counted_for_itself()
    {
        var plan = Plan("collector.after_send=kill@2,collector.after_keep=pause@1");

        await plan.HitAsync(FailpointNames.CollectorAfterSend, Token);
        await plan.HitAsync(FailpointNames.CollectorAfterKeep, Token);
        await plan.HitAsync(FailpointNames.CollectorAfterSend, Token);

        done.ShouldBe([FailpointAction.Pause, FailpointAction.Kill]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("collector.after_send")]
    [InlineData("collector.nowhere=kill")]
    [InlineData("collector.after_send=explode")]
    [InlineData("collector.after_send=kill@0")]
    [InlineData("collector.after_send=kill@3-2")]
    [InlineData("collector.after_send=kill@x")]
    [InlineData("collector.after_send=kill@1@2")]
    [InlineData("collector.after_send=delay")]
    [InlineData("collector.after_send=delay:-1")]
    [InlineData("collector.after_send=delay:999999999999")]
    public void A_text_that_is_no_plan_stops_the_start_with_one_line(string text)
    {
        var refused = Should.Throw<StartRefusedException>(() => FailpointPlan.Parse(text));

        refused.Message.ShouldStartWith("MESH_FAILPOINTS ");
        refused.Message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task An_error_fails_what_goes_on_and_a_delay_takes_its_time()
    {
        var plan = FailpointPlan.Parse("collector.after_send=error@1,collector.after_send=delay:150@2");

        (await Should.ThrowAsync<IOException>(() => plan.HitAsync(FailpointNames.CollectorAfterSend, Token))).Message.ShouldBe("injected");
        var begun = TimeProvider.System.GetTimestamp();
        await plan.HitAsync(FailpointNames.CollectorAfterSend, Token);

        TimeProvider.System.GetElapsedTime(begun).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(140));
    }

    [Fact]
    public void Without_a_plan_a_place_does_nothing() =>
        Failpoints.HitAsync(FailpointNames.CollectorAfterSend, Token).ShouldBeSameAs(Task.CompletedTask);

    [Fact]
    public void Every_place_is_in_the_code_and_the_code_names_no_other()
    {
        var code = RepositoryTree.Under("services", ".cs").Select(RepositoryTree.Read).ToList();
        var hit = code.SelectMany(text => Hit().Matches(text)).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var known = typeof(FailpointNames).GetFields().Select(field => field.Name).ToList();

        hit.ShouldBe(known, ignoreOrder: true);
        FailpointNames.All.Distinct().Count().ShouldBe(known.Count);
    }

    private FailpointPlan Plan(string text) => FailpointPlan.Parse(text, (rule, _) =>
    {
        done.Add(rule.Action);
        return Task.CompletedTask;
    });

    [GeneratedRegex(@"Failpoints\.HitAsync\(FailpointNames\.(?<name>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Hit();
}
