using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>The program and its management surface.</summary>
public sealed class SandboxProgramTests
{
    [Theory]
    [InlineData("--port is 'x'; allowed is a whole number from 0 to 65535", "--port", "x")]
    [InlineData("--port is '70000'", "--port=70000")]
    [InlineData("--daily-requests is '-1'", "--daily-requests", "-1")]
    [InlineData("--token-lifetime is '0'", "--token-lifetime", "0")]
    [InlineData("--clock is 'soon'", "--clock", "soon")]
    [InlineData("--seed needs a value", "--seed")]
    [InlineData("--sede is not an option", "--sede", "1")]
    [InlineData("--client-key needs --client-secret", "--client-key", "k")]
    [InlineData("--client-secret is empty", "--client-secret", "")]
    [InlineData("--faults /no/such/file", "--faults", "/no/such/file")]
    public async Task Bad_input_is_one_line_and_exit_code_2(string expected, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        (await SandboxProgram.RunAsync(args, output, error, CancellationToken.None)).ShouldBe(2);
        output.ToString().ShouldBeEmpty();
        error.ToString().TrimEnd().ShouldNotContain('\n');
        error.ToString().ShouldContain(expected);
    }

    [Theory]
    [InlineData("""{"blackout":[]}""", "blackout")]
    [InlineData("""{"short_pages":2}""", "short_pages must be")]
    [InlineData("""{"script":[{"reply":"explode"}]}""", "explode")]
    [InlineData("""{"script":[{"reply":"bytes","status":99}]}""", "status is 99")]
    [InlineData("""{"token_valid_for":"soon"}""", "'soon' is not a time span")]
    [InlineData("""{"blackouts":[{"from":"2026-02-10","to":"2026-02-01"}]}""", "before it begins")]
    [InlineData("""{"blackouts":[{"from":"2026-02-10","to":"2026-02-11","class":"tag"}]}""", "blackout class is 'tag'")]
    [InlineData("""{"missing_fields":{"likes":1}}""", "'likes'")]
    public async Task A_bad_fault_file_is_one_line_and_exit_code_2(string json, string expected)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, json);
        try
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            (await SandboxProgram.RunAsync(["--faults", path], output, error, CancellationToken.None)).ShouldBe(2);
            error.ToString().TrimEnd().ShouldNotContain('\n');
            error.ToString().ShouldContain(expected);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task The_faults_in_the_readme_can_be_used_as_they_stand()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "IssueObservatory.Mesh.sln")))
        {
            folder = folder.Parent;
        }

        var readme = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "services", "hosts", "sandbox", "README.md"));
        var example = readme.Split("```json")[1].Split("```")[0];
        await using var sandbox = await StartAsync(new() { EmptyWorld = true, ManagementPort = 0 });
        using var http = new HttpClient { BaseAddress = sandbox.Server.ManagementAddress };
        await SendAsync(http, "/faults", example);
        sandbox.Server.Script.Remaining.ShouldBe(3);
        JsonDocument.Parse(example).RootElement.EnumerateObject().Select(member => member.Name)
            .ShouldBe(typeof(SandboxFaults).GetProperties(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public).Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)), ignoreOrder: true);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_and_bad_input()
    {
        await using var other = await SandboxServer.StartAsync(new(), CancellationToken.None);
        using var output = new StringWriter();
        using var error = new StringWriter();
        (await SandboxProgram.RunAsync(["--port", other.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)], output, error, CancellationToken.None)).ShouldBe(2);
        error.ToString().TrimEnd().ShouldNotContain('\n');
        error.ToString().ShouldContain($"port {other.Address.Port} (--port) on 127.0.0.1 is in use");
    }

    [Fact]
    public async Task Options_out_of_range_do_not_start()
    {
        (await Should.ThrowAsync<ArgumentException>(() => SandboxServer.StartAsync(new() { Port = -1 }, CancellationToken.None))).Message.ShouldContain("port is -1");
        (await Should.ThrowAsync<ArgumentException>(() => SandboxServer.StartAsync(new() { Survival = 2 }, CancellationToken.None))).Message.ShouldContain("survival");
    }

    [Fact]
    public async Task It_prints_its_addresses_listens_and_ends_when_told()
    {
        var faults = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(faults, """{"token_valid_for":"00:10:00","script":[{"endpoint":"video_query","page":"first","reply":"server_error","times":2}]}""");
        try
        {
            await using var program = await Running.StartAsync("--port", "0", "--management-port=0", "--client-key", "k", "--client-secret", "s", "--daily-requests", "5", "--clock", "2026-04-01T12:00:00Z", "--faults", faults);
            using var http = new HttpClient();
            using var wrong = await http.PostAsync(program.Api + "/v2/oauth/token/", new FormUrlEncodedContent([new("client_key", "k"), new("client_secret", "x"), new("grant_type", "client_credentials")]));
            ((int)wrong.StatusCode).ShouldBe(401);
            wrong.Headers.Date!.Value.ShouldBeInRange(new(2026, 4, 1, 11, 59, 0, TimeSpan.Zero), new(2026, 4, 1, 12, 5, 0, TimeSpan.Zero));
            var counts = await http.GetFromJsonAsync<JsonElement>(program.Management + "/counts");
            counts.GetProperty("script_remaining").GetInt32().ShouldBe(2);
            (await program.StopAsync()).ShouldBe(0);
        }
        finally
        {
            File.Delete(faults);
        }
    }

    [Fact]
    public async Task Faults_over_the_management_port_are_laid_over_the_manners_of_the_start()
    {
        foreach (var (manners, empty) in new[] { ("--polite", 0.0), ("--videos-per-day=10", SandboxFaults.Rude.EmptyPages) })
        {
            await using var program = await Running.StartAsync("--port", "0", "--management-port=0", "--organisation", "k,l", "--strict", manners);
            using var http = new HttpClient { BaseAddress = new(program.Management) };
            var set = JsonDocument.Parse(await SendAsync(http, "/faults", """{"short_pages":0.2}""")).RootElement.GetProperty("faults");
            (set.GetProperty("short_pages").GetDouble(), set.GetProperty("empty_pages").GetDouble()).ShouldBe((0.2, empty));
        }
    }

    [Fact]
    public async Task Help_lists_the_options()
    {
        using var output = new StringWriter();
        (await SandboxProgram.RunAsync(["--help"], output, TextWriter.Null, CancellationToken.None)).ShouldBe(0);
        foreach (var option in (string[])["--port", "--seed", "--management-port", "--daily-requests", "--token-lifetime", "--faults", "--client-key", "--client-secret", "--clock", "--polite", "--strict", "--organisation", "--daily-follow-requests"])
        {
            output.ToString().ShouldContain(option);
        }
    }

    [Fact]
    public async Task The_api_port_has_no_management()
    {
        await using var sandbox = await StartAsync(new() { ManagementPort = 0 });
        foreach (var path in (string[])["/log", "/counts"])
        {
            using var reply = await sandbox.Http.GetAsync(path);
            ((int)reply.StatusCode).ShouldBe(405);
        }

        (await sandbox.PostAsync("/clock", "{}")).Status.ShouldBe(404);
        await using var without = await StartAsync();
        without.Server.ManagementAddress.ShouldBeNull();
    }

    [Fact]
    public async Task Management_reads_the_log_moves_the_clock_and_sets_faults_and_script()
    {
        await using var sandbox = await WithVideosAsync(120, options: new() { ManagementPort = 0 });
        using var http = new HttpClient { BaseAddress = sandbox.Server.ManagementAddress };
        await sandbox.VideosAsync(Dkpol());

        var log = (await http.GetStringAsync("/log")).TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        log.Select(entry => entry.GetProperty("endpoint").GetString()).ShouldBe(["token", "video_query"]);
        log[1].GetProperty("counted").GetBoolean().ShouldBeTrue();

        var counts = await http.GetFromJsonAsync<JsonElement>("/counts");
        (counts.GetProperty("requests").GetInt32(), counts.GetProperty("counted").GetInt32()).ShouldBe((2, 1));
        counts.GetProperty("usage")[0].GetProperty("used").GetInt32().ShouldBe(1);
        counts.GetProperty("by_status").GetProperty("200").GetInt32().ShouldBe(2);

        (await SendAsync(http, "/clock", """{"advance_seconds":3600}""")).ShouldContain("2026-06-15T13:00:00");
        (await SendAsync(http, "/clock", """{"utc_now":"2026-06-16T00:00:00Z"}""")).ShouldContain("2026-06-16T00:00:00");
        sandbox.Server.Clock.GetUtcNow().ShouldBe(new DateTimeOffset(2026, 6, 16, 0, 0, 0, TimeSpan.Zero));

        await sandbox.RenewTokenAsync();
        await SendAsync(http, "/faults", """{"blackouts":[{"from":"2026-02-01","to":"2026-02-03","class":"hashtag"}]}""");
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(500);
        await SendAsync(http, "/faults", "{}");
        await SendAsync(http, "/script", """[{"endpoint":"video_query","reply":"bytes","status":201,"body":"hej"},{"reply":"bytes","body_base64":"aGVq"}]""");
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(201);
        (await sandbox.VideosAsync(Dkpol())).Text.ShouldBe("hej");
        await SendAsync(http, "/revoke", "");
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(401);

        var truth = (await SendAsync(http, "/videos", Dkpol(""))).TrimEnd().Split('\n');
        truth.Length.ShouldBe(120);
        JsonDocument.Parse(truth[0]).RootElement.GetProperty("id").GetInt64().ShouldBe(Video(119).Id);
    }

    [Theory]
    [InlineData("/clock", "{}", "utc_now or advance_seconds")]
    [InlineData("/clock", "nonsense", "error")]
    [InlineData("/faults", """{"short_pages":1}""", "short_pages")]
    [InlineData("/script", """[{"times":0}]""", "times is 0")]
    [InlineData("/videos", "{}", "query is required")]
    [InlineData("/nothing", "", "GET /log")]
    public async Task Management_names_what_is_wrong(string path, string body, string expected)
    {
        await using var sandbox = await StartAsync(new() { EmptyWorld = true, ManagementPort = 0 });
        using var http = new HttpClient { BaseAddress = sandbox.Server.ManagementAddress };
        using var reply = await http.PostAsync(path, new StringContent(body));
        ((int)reply.StatusCode).ShouldBe(400);
        (await reply.Content.ReadAsStringAsync()).ShouldContain(expected);
    }

    private static async Task<string> SendAsync(HttpClient http, string path, string body)
    {
        using var reply = await http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await reply.Content.ReadAsStringAsync();
        ((int)reply.StatusCode).ShouldBe(200, text);
        return text;
    }

    /// <summary>The program in this process, stopped by its token.</summary>
    private sealed class Running(Task<int> program, CancellationTokenSource stop, JsonElement addresses) : IAsyncDisposable
    {
        public string Api => addresses.GetProperty("api").GetString()!;

        public string Management => addresses.GetProperty("management").GetString()!;

        public static async Task<Running> StartAsync(params string[] args)
        {
            var stop = new CancellationTokenSource();
            var output = new FirstLine();
            var error = new StringWriter();
            var program = SandboxProgram.RunAsync(args, output, error, stop.Token);
            await Task.WhenAny(program, output.Line);
            program.IsCompleted.ShouldBeFalse(error.ToString());
            return new(program, stop, JsonDocument.Parse(await output.Line).RootElement);
        }

        public async Task<int> StopAsync()
        {
            await stop.CancelAsync();
            return await program;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            stop.Dispose();
        }
    }

    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => line.Task;

        public override Task WriteLineAsync(string? value)
        {
            line.TrySetResult(value ?? "");
            return Task.CompletedTask;
        }
    }
}
