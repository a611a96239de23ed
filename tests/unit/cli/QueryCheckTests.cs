using System.Text.Json;
using IssueObservatory.Mesh.Cli;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Tests.Collecting;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Cli;

public sealed class QueryCheckTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_term_is_printed_as_the_query_that_would_be_sent()
    {
        (await CheckAsync("#dkpol \"to ord\"")).ShouldBe(ExitCode.Complete);

        output.ToString().ShouldBe(
            """
            {"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]},{"operation":"EQ","field_name":"hashtag_name","field_values":["dkpol"]},{"operation":"EQ","field_name":"keyword","field_values":["to ord"]}]}

            """);
        error.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("keyword", "#a", "#b", "word")]
    [InlineData("both", "word", "to ord", "#c word")]
    [InlineData("hashtag", "word", "#a", "\"to ord\"")]
    public async Task What_is_printed_is_what_a_collection_asks(string match, params string[] terms)
    {
        var spec = new CollectionSpec { Terms = { terms }, Regions = { "DK", "SE" }, Match = Enum.Parse<TermMatch>(match, ignoreCase: true), Days = new() { From = "2026-01-01", To = "2026-01-31" } };
        var read = SpecReader.Read(spec, Walks.Now, Walks.Options);
        var sent = Planner.Decide(read.Asked, [], PlanningState.Nothing, new("default", Priority.Interactive, "", Walks.Now, () => ""), Walks.Options).Searches
            .Select(search => JsonDocument.Parse(SearchQueries.Next(search, Checkpoint.Start).WriteBody()).RootElement.GetProperty("query").GetRawText());

        (await CheckAsync([.. terms, "--match", match, "--region", "SE,DK"])).ShouldBe(ExitCode.Complete);

        output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(sent.Distinct(), ignoreOrder: true);
    }

    [Fact]
    public async Task With_json_the_queries_are_objects_on_the_last_line()
    {
        (await CheckAsync("#a", "word", "--json")).ShouldBe(ExitCode.Complete);

        using var json = JsonDocument.Parse(output.ToString());
        json.RootElement.GetProperty("queries").EnumerateArray().Select(query => query.GetProperty("and")[1].GetProperty("field_name").GetString()).ShouldBe(["hashtag_name", "keyword"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("q.json")]
    [InlineData("q.JSON")]
    [InlineData("asked")]
    public async Task A_file_is_known_by_its_ending_or_by_being_there(string name)
    {
        var file = await WriteAsync(name, """{ "query": { "or": [ { "field_values": ["1", "2"], "field_name": "music_id", "operation": "IN" } ] }, "start_date": "20260101", "end_date": "20260131" }""");

        (await CheckAsync(file)).ShouldBe(ExitCode.Complete);
        (await CheckAsync("--file", file)).ShouldBe(ExitCode.Complete);

        output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line == """{"or":[{"operation":"IN","field_name":"music_id","field_values":["1","2"]}]}""");
    }

    [Fact]
    public async Task Every_violation_of_a_file_is_a_line_with_its_path_and_what_is_allowed()
    {
        var file = await WriteAsync("q.json", """{"query":{"and":[{"operation":"eq","field_name":"id","field_values":["7"]},{"operation":"EQ","field_name":"region_code","field_values":["DK","SE"]}]},"is_random":true}""");

        (await CheckAsync(file, "--json")).ShouldBe(ExitCode.BadInput);

        error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "mesh: query.and[0].operation must be one of EQ, IN, GT, GTE, LT, LTE, in capitals",
            "mesh: query.and[0].field_name the API calls it video_id",
            "mesh: query.and[1].field_values EQ takes exactly one value, not 2; several need IN",
            "mesh: is_random must not be in the file: sampling is an option of its own",
        ]);
        using var json = JsonDocument.Parse(output.ToString());
        json.RootElement.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("query.and[1].field_values");
    }

    [Fact]
    public async Task Regions_that_contradict_one_another_are_named()
    {
        var file = await WriteAsync("q.json", """{"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]},{"operation":"EQ","field_name":"region_code","field_values":["SE"]}]}""");

        (await CheckAsync(file)).ShouldBe(ExitCode.BadInput);

        error.ToString().ReplaceLineEndings("").ShouldBe("mesh: query.and[1] asks for SE where the conditions before it leave only DK; allowed are conditions with a region in common, or one IN with all regions");
    }

    [Fact]
    public async Task Every_violation_of_terms_is_a_line_too()
    {
        (await CheckAsync("#", "a\"b", "--region", "UK")).ShouldBe(ExitCode.BadInput);

        var lines = error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => line.Split(':')[1].Trim()).ShouldBe(["--region", "TERM '#'", "TERM 'a\"b'"], ignoreOrder: true);
        output.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("FILE or TERM is needed")]
    [InlineData("FILE '/nowhere/q.json' cannot be read", "/nowhere/q.json")]
    [InlineData("FILE '/nowhere/q' cannot be read", "--file", "/nowhere/q")]
    [InlineData("'q.json' is a file, and there are 2 arguments", "#dkpol", "q.json")]
    [InlineData("--file cannot be used with further arguments", "#dkpol", "--file", "q.json")]
    [InlineData("--match goes with terms only", "q.json", "--match", "both")]
    [InlineData("--region goes with terms only", "--file", "q.json", "--region", "DK")]
    [InlineData("--match is 'fuzzy'; allowed is", "a", "--match", "fuzzy")]
    public async Task What_cannot_be_told_apart_is_refused_in_one_line(string expected, params string[] args)
    {
        (await CheckAsync(args)).ShouldBe(ExitCode.BadInput);

        error.ToString().ShouldContain(expected);
        error.ToString().TrimEnd('\n').ShouldNotContain('\n');
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var file = folder.PathOf(name);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }

    // A folder and a server that cannot be used show that neither is looked at.
    private Task<int> CheckAsync(params string[] args) =>
        MeshCommand.RunAsync(
            ["query", "check", .. args, "--data", "/proc/nowhere"],
            new() { Output = output, Error = error, Input = new StringReader(""), Environment = _ => null },
            TestContext.Current.CancellationToken);
}
