using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using QuotaGovernorClient = IssueObservatory.Mesh.V1.QuotaGovernor.QuotaGovernorClient;
using TokenBrokerClient = IssueObservatory.Mesh.V1.TokenBroker.TokenBrokerClient;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>What is wrong with a setting is said before anything runs, all of it at once.</summary>
public sealed class StartTests
{
    private enum Kind
    {
        NeverMeant,
        Slow,
        Fast,
    }

    [Fact]
    public async Task Every_bad_value_is_named_with_what_is_allowed()
    {
        var lines = await RefusedAsync(
            ("Mesh:CallersPort", "abc"),
            ("Mesh:InternalPort", "70000"),
            ("Mesh:DataFolder", ""));

        lines.ShouldBe(
            [
                "Mesh:CallersPort must be a whole number.",
                "Mesh:InternalPort must be between 0 and 65535.",
                "Mesh:DataFolder is required.",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        (await RefusedAsync(("Mesh:InternalPort", $"{port}"))).ShouldBe([$"Port {port} is in use by another process; set Mesh:InternalPort to another port, or to 0 for a free one."]);
        (await RefusedAsync(("Mesh:CallersPort", $"{port}"))).ShouldBe([$"Port {port} is in use by another process; set Mesh:CallersPort to another port, or to 0 for a free one."]);
    }

    [Fact]
    public async Task The_two_ports_must_differ() =>
        (await RefusedAsync(("Mesh:InternalPort", "5999"), ("Mesh:CallersPort", "5999"))).ShouldBe(["Mesh:InternalPort must differ from Mesh:CallersPort."]);

    [Fact]
    public async Task Every_service_without_an_address_is_named()
    {
        var (app, _) = DefaultsHost.Build(builder => builder.Services
            .AddMeshClient<QuotaGovernorClient>("quota-governor")
            .AddMeshClient<TokenBrokerClient>("token-broker"));
        await using var _1 = app;

        var lines = StartFailure.Explain(await Should.ThrowAsync<Exception>(() => app.StartAsync())).ShouldNotBeNull();

        lines.Count.ShouldBe(2);
        lines[0].ShouldStartWith("Services:quota-governor is missing");
        lines[1].ShouldStartWith("Services:token-broker is missing");
    }

    [Theory]
    [InlineData("http://127.0.0.1:5081,nowhere, ftp://127.0.0.1:5082", 2)]
    [InlineData("http://127.0.0.1:5081/path", 1)]
    [InlineData("http://somebody:secret@127.0.0.1:5081", 1)]
    [InlineData("http://127.0.0.1:5081,https://127.0.0.1:5082", 1)]
    [InlineData(" , ", 1)]
    public async Task Each_bad_address_is_one_line_that_does_not_repeat_it(string addresses, int expected)
    {
        var (app, _) = DefaultsHost.Build(
            builder => builder.Services.AddMeshClient<QuotaGovernorClient>("quota-governor"),
            settings: new Dictionary<string, string?> { ["Services:quota-governor"] = addresses });
        await using var _1 = app;

        var lines = StartFailure.Explain(await Should.ThrowAsync<Exception>(() => app.StartAsync())).ShouldNotBeNull();

        lines.Count.ShouldBe(expected);
        lines.ShouldAllBe(line => line.StartsWith("Services:quota-governor ") && !line.Contains('\n') && !line.Contains("secret") && !line.Contains("nowhere"));
    }

    [Fact]
    public async Task A_key_file_that_cannot_be_read_and_a_bad_name_are_told_with_all_else() =>
        (await RefusedAsync(("MESH_INTERNAL_KEY_FILE", "/nowhere/key"), ("Mesh:Instance", "a b"), ("Mesh:CallersPort", "x"))).ShouldBe(
            [
                "MESH_INTERNAL_KEY_FILE names a file that cannot be read.",
                "Mesh:Instance must be 1 to 63 letters, digits and dashes.",
                "Mesh:CallersPort must be a whole number.",
            ],
            ignoreOrder: true);

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_one_line()
    {
        var (app, _) = DefaultsHost.Build(settings: new Dictionary<string, string?> { ["Mesh:DataFolder"] = "/dev/null/mesh" });
        await using var _1 = app;

        StartFailure.Explain(Should.Throw<Exception>(() => app.Services.GetRequiredService<DataFolder>()))
            .ShouldBe(["Mesh:DataFolder names a folder that cannot be made or written to."]);
    }

    [Fact]
    public void A_plan_of_failpoints_that_is_none_stops_the_start() =>
        Should.Throw<StartRefusedException>(() => DefaultsHost.Build(settings: new Dictionary<string, string?> { ["MESH_FAILPOINTS"] = "nowhere=kill" }))
            .Message.ShouldStartWith("MESH_FAILPOINTS holds");

    [Fact]
    public void Options_are_bound_from_their_section_and_a_variable_wins()
    {
        var options = Options(
            ("Sample:Amount", "2"),
            ("Sample:Pause", "00:00:05"),
            ("Sample:Kind", "fast"),
            ("Sample:Names:0", "a"),
            ("Sample:Names:1", "b"),
            ("SAMPLE_AMOUNT", "3")).Value;

        options.Amount.ShouldBe(3);
        options.Pause.ShouldBe(TimeSpan.FromSeconds(5));
        options.Kind.ShouldBe(Kind.Fast);
        options.Names.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Options_keep_their_defaults() => Options().Value.ShouldBe(new SampleOptions());

    [Fact]
    public void A_bad_option_is_named_by_the_key_that_holds_it()
    {
        var invalid = Should.Throw<OptionsValidationException>(() => Options(("SAMPLE_AMOUNT", "9"), ("Sample:Pause", "soon"), ("Sample:Kind", "lazy")).Value);

        invalid.Failures.ShouldBe(["SAMPLE_AMOUNT must be between 1 and 4.", "Sample:Pause must be a duration such as 00:00:30.", "Sample:Kind must be one of Slow, Fast."], ignoreOrder: true);
        invalid.Message.ShouldNotContain("lazy");
    }

    [Fact]
    public void A_key_file_must_hold_a_key()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "short\n");
            Should.Throw<StartRefusedException>(() => AccessKey.FromFile(path, "MESH_INTERNAL_KEY_FILE")).Message.ShouldStartWith("MESH_INTERNAL_KEY_FILE");
            var key = AccessKey.Create().Reveal();
            File.WriteAllText(path, key + "\n");
            AccessKey.FromFile(path, "MESH_INTERNAL_KEY_FILE")!.Value.Reveal().ShouldBe(key);
        }
        finally
        {
            File.Delete(path);
        }

        Should.Throw<StartRefusedException>(() => AccessKey.FromFile(path, "MESH_INTERNAL_KEY_FILE"));
        AccessKey.FromFile("", "MESH_INTERNAL_KEY_FILE").ShouldBeNull();
    }

    [Fact]
    public void A_secret_prints_stars_however_it_is_written()
    {
        var secret = new Secret<string>("canary");
        var holder = new InternalKey(secret);

        $"{secret} {holder} {System.Text.Json.JsonSerializer.Serialize(secret)} {System.Text.Json.JsonSerializer.Serialize(holder)}".ShouldNotContain("canary");
        secret.ToString().ShouldBe("***");
        secret.Reveal().ShouldBe("canary");
        AccessKey.Create().ShouldNotBe(AccessKey.Create());
    }

    private static IOptions<SampleOptions> Options(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
        services.AddMeshOptions<SampleOptions>("Sample", ("SAMPLE_AMOUNT", nameof(SampleOptions.Amount)));
        return services.BuildServiceProvider().GetRequiredService<IOptions<SampleOptions>>();
    }

    private static async Task<IReadOnlyList<string>> RefusedAsync(params (string Key, string Value)[] settings)
    {
        var (app, _) = DefaultsHost.Build(settings: settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal));
        await using var _1 = app;
        var refused = await Should.ThrowAsync<Exception>(() => app.StartAsync());
        return StartFailure.Explain(refused).ShouldNotBeNull(refused.ToString());
    }

    private sealed record SampleOptions
    {
        [Range(1, 4)]
        public int Amount { get; init; } = 1;

        public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

        [AllowedValues(Kind.Slow, Kind.Fast)]
        public Kind Kind { get; init; } = Kind.Slow;

        public string[]? Names { get; init; }
    }
}
