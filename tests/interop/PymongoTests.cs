using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Interop;

/// <summary>
/// The other way round: pymongo, an official client of MongoDB, against the test server that our stores are tested with. What it finds
/// right is not only what the one driver that we use happens to accept.
/// </summary>
public sealed class PymongoTests(MongoTestServer server) : IClassFixture<MongoTestServer>
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("documents_come_back_as_they_went")]
    [InlineData("queries_filter_sort_skip_limit_and_project")]
    [InlineData("a_cursor_gives_everything_over_many_batches")]
    [InlineData("a_cursor_that_was_killed_is_not_found")]
    [InlineData("a_second_document_with_the_same_key_is_refused")]
    [InlineData("an_unordered_batch_names_every_failure")]
    [InlineData("a_late_conditional_upsert_loses")]
    [InlineData("find_one_and_update_decides_a_race")]
    [InlineData("updates_change_what_they_name")]
    [InlineData("unknown_things_are_refused")]
    public async Task Pymongo_agrees(string scenario)
    {
        Tools.NeedPython("pymongo");

        await using var client = Run(server.ConnectionString, server.NewDatabaseName(), scenario);

        (await client.ExitAsync(LongestRun)).ShouldBe(0, client.Errors);
    }

    [Fact]
    public async Task Every_scenario_is_run()
    {
        Tools.NeedPython("pymongo");

        await using var client = Run();
        await client.ExitAsync(LongestRun);

        var run = typeof(PymongoTests).GetMethod(nameof(Pymongo_agrees))!.GetCustomAttributes(inherit: false).OfType<InlineDataAttribute>().Select(data => (string)data.Data[0]!);
        client.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(run, ignoreOrder: true);
    }

    [Fact]
    public async Task Pymongo_logs_in_with_the_right_password_only()
    {
        Tools.NeedPython("pymongo");
        await using var locked = await MongoTestServer.StartWithLoginAsync();

        await using var right = Run(locked.ConnectionString, locked.NewDatabaseName(), "updates_change_what_they_name");
        await using var wrong = Run(locked.ConnectionStringWith("wrong"), locked.NewDatabaseName(), "updates_change_what_they_name");

        (await right.ExitAsync(LongestRun)).ShouldBe(0, right.Errors);
        (await wrong.ExitAsync(LongestRun)).ShouldNotBe(0);
        wrong.Errors.ShouldContain("Authentication failed");
    }

    private static RunningProgram Run(params IReadOnlyList<string> arguments) =>
        RunningProgram.Start(Tools.Python, new Dictionary<string, string>(StringComparer.Ordinal) { ["PYTHONDONTWRITEBYTECODE"] = "1" }, [Tools.Client("pymongo_client.py"), .. arguments]);
}
