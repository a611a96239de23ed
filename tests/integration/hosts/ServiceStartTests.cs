using System.Net;
using System.Net.NetworkInformation;
using System.Text.RegularExpressions;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Hosts;

/// <summary>Each service alone, from its own program, with nothing around it.</summary>
public sealed partial class ServiceStartTests : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Services => [.. ServiceProcess.Services];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_is_ready_without_the_others_and_stops_within_ten_seconds(string service)
    {
        await using var process = Process(service);
        process.Start();

        await process.ReadyAsync(LongestStart, Token);

        var begun = TimeProvider.System.GetTimestamp();
        (await process.StopAsync()).ShouldBe(0, process.Log);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        process.Log.ShouldContain($"{service} is ready.");
        process.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => LogLine().IsMatch(line));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Wrong_settings_are_a_line_each_and_the_exit_code_1(string service)
    {
        await using var process = Process(service);
        process.Environment["Mesh__CallersPort"] = "70000";
        process.Environment["Mesh__Instance"] = "a b";
        process.Environment["MESH_INTERNAL_KEY_FILE"] = folder.PathOf("nothing");
        foreach (var other in ServiceProcess.Services)
        {
            process.Environment[$"Services__{other}"] = "nowhere";
        }

        process.Start();

        (await process.ExitAsync(LongestStart)).ShouldBe(1);
        var lines = process.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldContain("Mesh:CallersPort must be between 0 and 65535.");
        lines.ShouldContain("Mesh:Instance must be 1 to 63 letters, digits and dashes.");
        lines.ShouldContain("MESH_INTERNAL_KEY_FILE names a file that cannot be read.");
        lines.Count(line => line.StartsWith("Services:", StringComparison.Ordinal)).ShouldBe(service switch { "collector" => 3, "normalizer" or "refresh-scheduler" => 1, _ => 0 });
        lines.Length.ShouldBe(lines.Distinct().Count());
        lines.ShouldAllBe(line => line.EndsWith('.') && !line.StartsWith("   at ", StringComparison.Ordinal) && !line.Contains("nowhere"));
    }

    [Fact]
    public async Task A_process_without_the_key_of_the_mesh_does_not_start()
    {
        await using var process = Process("quota-governor");
        process.Environment.Remove("MESH_INTERNAL_KEY_FILE");
        process.Start();

        (await process.ExitAsync(LongestStart)).ShouldBe(1);

        process.Log.Trim().ShouldBe("MESH_INTERNAL_KEY_FILE is missing; set it to a file with the key that all services of the mesh share.");
    }

    [Fact]
    public async Task A_bad_plan_of_failpoints_is_one_line()
    {
        await using var process = Process("quota-governor");
        process.Environment["MESH_FAILPOINTS"] = "governor.somewhere=kill";
        process.Start();

        (await process.ExitAsync(LongestStart)).ShouldBe(1);

        process.Log.Trim().ShouldBe("MESH_FAILPOINTS holds \"governor.somewhere=kill\": it must begin with the name of a failpoint and =.");
    }

    [Fact]
    public async Task Both_ports_are_on_loopback_alone()
    {
        await using var process = Process("quota-governor");
        process.Start();
        await process.ReadyAsync(LongestStart, Token);

        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == process.Callers.Port || listener.Port == process.Internal.Port).ToList();

        listening.Count.ShouldBe(2);
        listening.ShouldAllBe(listener => listener.Address.Equals(IPAddress.Loopback));
    }

    private ServiceProcess Process(string service)
    {
        var process = new ServiceProcess(service, 0, folder.Path);
        foreach (var (name, value) in new SharedSettings(folder, new("http://127.0.0.1:9")).Environment)
        {
            process.Environment[name] = value;
        }

        foreach (var other in ServiceProcess.Services.Where(other => other != service))
        {
            process.Environment[$"Services__{other}"] = "http://127.0.0.1:9, http://127.0.0.1:10";
        }

        return process;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warning|error): \S.*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex LogLine();
}
