using System.Text.Json;
using IssueObservatory.Mesh.Cli;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Cli;

public sealed class CommandLineTests
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    [Theory]
    [InlineData("`mesh` needs one of")]
    [InlineData("'frobnicate'", "frobnicate")]
    [InlineData("`mesh collect` needs one of: terms, actors, videos, query", "collect")]
    [InlineData("'TERM'", "collect", "terms")]
    [InlineData("--bogus is not an option of `mesh collect terms`", "collect", "terms", "#dkpol", "--bogus")]
    [InlineData("-x is not an option", "collect", "terms", "#dkpol", "-x")]
    [InlineData("--from is 'x'; allowed is a day such as 2026-01-31; --to is 'y'; allowed is a day such as 2026-01-31", "collect", "terms", "a", "--from", "x", "--to", "y")]
    [InlineData("--from is 'yesterday'; allowed is a day such as", "collect", "terms", "a", "--from", "yesterday")]
    [InlineData("--to is '2026-02-30'", "collect", "terms", "a", "--to", "2026-02-30")]
    [InlineData("--max-units is '0'; allowed is a whole number from 1", "collect", "terms", "a", "--max-units", "0")]
    [InlineData("--sample is '0'; allowed is a whole number from 1", "collect", "terms", "a", "--sample", "0")]
    [InlineData("--sample is not an option of `mesh collect videos`", "collect", "videos", "1", "--sample", "5")]
    [InlineData("--match is 'fuzzy'; allowed is hashtag or keyword or both", "collect", "terms", "a", "--match", "fuzzy")]
    [InlineData("--rate is '-1'; allowed is a number from 0 to 5", "quota", "--rate", "-1")]
    [InlineData("--rate is 'NaN'", "quota", "--rate", "NaN")]
    [InlineData("--rate is 0; that is for test servers only", "quota", "--rate", "0")]
    [InlineData("--mode is 'fast'; allowed is burst or paced", "quota", "policy", "--mode", "fast")]
    [InlineData("--interactive-share is '1.5'; allowed is a number from 0 to 1", "quota", "policy", "--interactive-share", "1.5")]
    [InlineData("--caps has 'arena-1'; allowed is CALLER=N", "quota", "policy", "--caps", "arena-1")]
    [InlineData("--weights has 'a=x'; allowed is CALLER=N", "quota", "policy", "--weights", "b=2,a=x")]
    [InlineData("--fields is 'id,,x', and number 2 in it is empty; allowed are", "collect", "terms", "a", "--fields", "id,,x")]
    [InlineData("--fields is 'id, ', and number 2 in it is empty", "collect", "actors", "a", "--fields", "id, ")]
    [InlineData("--region is ',SE', and number 1 in it is empty", "estimate", "terms", "a", "--region", ",SE")]
    [InlineData("--region is empty", "collect", "terms", "a", "--region", ",")]
    [InlineData("--label is 'x'; allowed is KEY=VALUE", "collect", "terms", "a", "--label", "x")]
    [InlineData("FILE '/nowhere/q.json' cannot be read", "collect", "query", "/nowhere/q.json")]
    [InlineData("--out", "export")]
    [InlineData("--format is 'csv'; allowed is ndjson", "export", "--format", "csv", "--out", "x")]
    [InlineData("--out: the folder /nowhere does not exist", "export", "--out", "/nowhere/x")]
    [InlineData("--out - cannot be used with --json", "export", "--out", "-", "--json")]
    [InlineData("--server is 'localhost'; allowed is an address", "list", "--server", "localhost")]
    [InlineData("--server needs --key-file", "list", "--server", "http://127.0.0.1:1")]
    [InlineData("--data cannot be used with --server", "list", "--server", "http://127.0.0.1:1", "--key-file", "k", "--data", "d")]
    [InlineData("--key-file goes with --server only", "list", "--key-file", "k")]
    [InlineData("the client secret is needed: --secret-stdin", "credentials", "add", "--client-key", "k")]
    [InlineData("--item cannot be used with --dead-letters", "replay", "--dead-letters", "--item", "i")]
    [InlineData("--queue goes with --dead-letters only", "replay", "--queue", "q")]
    [InlineData("--list goes with --dead-letters only", "replay", "--list")]
    [InlineData("--filed cannot be used with --answered", "support-report", "--filed", "a", "--answered", "b")]
    [InlineData("--all cannot be used with --filed", "support-report", "--all", "--filed", "a")]
    [InlineData("--since is 'soon'; allowed is a day such as", "support-report", "--since", "soon")]
    [InlineData("--secret-stdin gives no secret", "credentials", "add", "--client-key", "k", "--secret-stdin")]
    public async Task Bad_input_is_one_clear_line_and_exit_code_2(string expected, params string[] args)
    {
        (await RunAsync(args)).ShouldBe(ExitCode.BadInput);

        error.ToString().ShouldContain(expected);
        error.ToString().TrimEnd('\n').ShouldNotContain('\n');
        error.ToString().ShouldStartWith("mesh: ");
    }

    [Fact]
    public async Task With_json_a_refusal_is_an_object_on_the_last_line()
    {
        (await RunAsync("collect", "terms", "a", "--from", "x", "--json")).ShouldBe(ExitCode.BadInput);

        using var json = JsonDocument.Parse(output.ToString());
        json.RootElement.GetProperty("error").GetProperty("reason").GetString().ShouldBe("BAD_INPUT");
        json.RootElement.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("--from");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("collect", "terms", "--help")]
    [InlineData("export", "-h")]
    public async Task Help_goes_to_the_output_and_is_no_failure(params string[] args)
    {
        (await RunAsync(args)).ShouldBe(ExitCode.Complete);

        output.ToString().ShouldContain("Usage:");
        error.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Version_says_itself_and_its_runtime()
    {
        (await RunAsync("version", "--json")).ShouldBe(ExitCode.Complete);

        using var json = JsonDocument.Parse(output.ToString());
        json.RootElement.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        json.RootElement.GetProperty("runtime").GetString()!.ShouldContain(".NET");
    }

    [Fact]
    public void A_name_with_an_at_sign_is_a_name_and_not_a_file_of_arguments()
    {
        var parsed = MeshCommand.Parse(["collect", "actors", "@somebody", "@other"], Shell());

        MeshCommand.Problem(parsed).ShouldBeNull();
        parsed.Tokens.Select(token => token.Value).ShouldContain("@somebody");
    }

    [Fact]
    public void After_two_dashes_everything_is_an_argument() =>
        MeshCommand.Problem(MeshCommand.Parse(["collect", "terms", "--", "--x"], Shell())).ShouldBeNull();

    [Theory]
    [InlineData(null, true)]
    [InlineData("https://open.tiktokapis.com", true)]
    [InlineData("http://127.0.0.1:5090", false)]
    public async Task No_pacing_at_all_is_refused_for_the_real_host_only(string? baseUrl, bool refused)
    {
        await RunAsync(["watch", "--rate", "0", "--data", "/proc/nowhere"], name => string.Equals(name, "RESEARCH_API_BASE_URL", StringComparison.Ordinal) ? baseUrl : null);

        error.ToString().Contains("test servers only", StringComparison.Ordinal).ShouldBe(refused);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_named_and_exits_with_1()
    {
        (await RunAsync("list", "--data", "/proc/nowhere")).ShouldBe(ExitCode.Failed);

        error.ToString().ShouldContain("--data");
        error.ToString().ShouldContain("/proc/nowhere");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_and_exits_with_1()
    {
        var key = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(key, "a-key", TestContext.Current.CancellationToken);

            (await RunAsync("quota", "--server", "http://127.0.0.1:1", "--key-file", key)).ShouldBe(ExitCode.Failed);

            error.ToString().ShouldContain("--server http://127.0.0.1:1/ does not answer");
        }
        finally
        {
            File.Delete(key);
        }
    }

    private Task<int> RunAsync(params string[] args) => RunAsync(args, _ => null);

    private Task<int> RunAsync(string[] args, Func<string, string?> environment) =>
        MeshCommand.RunAsync(args, Shell() with { Environment = environment }, TestContext.Current.CancellationToken);

    private Shell Shell() => new() { Output = output, Error = error, Input = new StringReader(""), Environment = _ => null };
}
