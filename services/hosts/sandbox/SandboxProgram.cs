using System.Globalization;
using System.Text.Json;
using IssueObservatory.Mesh.Sandbox.Management;

namespace IssueObservatory.Mesh.Sandbox;

/// <summary>The sandbox as a command: <c>mesh sandbox</c> and this project's own program.</summary>
public static class SandboxProgram
{
    private const string Usage = """
        Simulates the TikTok Research API on 127.0.0.1 until it is interrupted. It is rude, as the real one, unless told otherwise.

          --port N                    port of the API, 0 takes a free one (default 5090)
          --management-port N         port of the management surface, 0 takes a free one (default: off)
          --polite                    nothing goes wrong that is not asked for
          --strict                    tomorrow's rules: refuse what is not documented
          --faults FILE               JSON file of faults, laid over the manners
          --seed N                    seed of the invented data and of what goes wrong (default 20260101)
          --client-key KEY            the only client key that is accepted (default: any)
          --client-secret TEXT        the only secret that is accepted (default: any)
          --organisation KEYS         client keys, separated by commas, that share one day's requests; may be given several times
          --daily-requests N          requests a UTC day and organisation (default 1000)
          --daily-follow-requests N   the same for followers and following (default 20000)
          --token-lifetime T          seconds or hh:mm:ss (default 7200)
          --videos-per-day N          size of the invented data (default 200)
          --clock TIME                start the clock at this UTC time, e.g. 2026-04-01T12:00:00Z (default: now)
          --empty                     no invented data

        """;

    /// <summary>Runs until cancelled. Writes one JSON line with the addresses when it listens.</summary>
    /// <returns>0 after cancellation or help, 2 on bad input, a port in use included.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        if (args.Any(argument => argument is "--help" or "-h"))
        {
            await output.WriteAsync(Usage);
            return 0;
        }

        SandboxOptions options;
        try
        {
            options = Parse(args);
            if (options.FirstError() is { } fault)
            {
                throw new FormatException(fault);
            }
        }
        catch (FormatException e)
        {
            await error.WriteLineAsync("sandbox: " + e.Message);
            return 2;
        }

        SandboxServer server;
        try
        {
            server = await SandboxServer.StartAsync(options, cancellationToken);
        }
        catch (IOException)
        {
            var management = options.ManagementPort is > 0 and { } port ? string.Create(CultureInfo.InvariantCulture, $" or {port} (--management-port)") : "";
            await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"sandbox: port {options.Port} (--port){management} on 127.0.0.1 is in use; name another, or 0 for a free one"));
            return 2;
        }

        await using (server)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(new { api = Text(server.Address), management = Text(server.ManagementAddress) }));
            await output.FlushAsync(CancellationToken.None);
            var stopped = new TaskCompletionSource();
            await using (cancellationToken.Register(stopped.SetResult))
            {
                await stopped.Task;
            }
        }

        return 0;
    }

    private static string? Text(Uri? address) => address?.ToString().TrimEnd('/');

    private static SandboxOptions Parse(string[] args)
    {
        var options = new SandboxOptions { Port = 5090 };
        string? key = null, secret = null, faults = null;
        for (var i = 0; i < args.Length; i++)
        {
            var (name, inline) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            string Value() => inline ?? (++i < args.Length ? args[i] : throw new FormatException($"{name} needs a value"));
            options = name switch
            {
                "--port" => options with { Port = Number(name, Value(), 0, 65535) },
                "--management-port" => options with { ManagementPort = Number(name, Value(), 0, 65535) },
                "--seed" => options with { Seed = Number(name, Value(), int.MinValue, int.MaxValue) },
                "--daily-requests" => options with { DailyRequests = Number(name, Value(), 0, int.MaxValue) },
                "--videos-per-day" => options with { VideosPerDay = Number(name, Value(), 1, 100_000) },
                "--token-lifetime" => options with { TokenLifetime = Lifetime(name, Value()) },
                "--clock" => options with { ClockOffset = Clock(name, Value()) },
                "--daily-follow-requests" => options with { DailyFollowRequests = Number(name, Value(), 0, int.MaxValue) },
                "--organisation" => options with { Organisations = Joined(options.Organisations, NotEmpty(name, Value())) },
                "--polite" => options with { Manners = SandboxManners.Polite },
                "--strict" => options with { Rules = SandboxRules.Strict },
                "--faults" => Keep(options, faults = NotEmpty(name, Value())),
                "--empty" => options with { EmptyWorld = true },
                "--client-key" => Keep(options, key = NotEmpty(name, Value())),
                "--client-secret" => Keep(options, secret = NotEmpty(name, Value())),
                _ => throw new FormatException($"{args[i]} is not an option; --help lists them"),
            };
        }

        options = faults is null ? options : options with { Faults = ReadFaults(options.Manners, faults) };
        return (key, secret) switch
        {
            (null, null) => options,
            (null, _) => options with { RequiredSecret = secret },
            (_, null) => throw new FormatException("--client-key needs --client-secret beside it"),
            _ => options with { Clients = new Dictionary<string, string>(StringComparer.Ordinal) { [key] = secret } },
        };
    }

    private static SandboxOptions Keep(SandboxOptions options, string _) => options;

    private static string NotEmpty(string name, string value) => value.Length > 0 ? value : throw new FormatException($"{name} is empty; give a text");

    private static int Number(string name, string value, int minimum, int maximum) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name} is '{value}'; allowed is a whole number from {minimum} to {maximum}"));

    private static TimeSpan Lifetime(string name, string value) =>
        Span.TryParse(value, out var span) && span >= TimeSpan.FromSeconds(1) && span <= TimeSpan.FromDays(365)
            ? span
            : throw new FormatException($"{name} is '{value}'; allowed are 1 second to 365 days, as seconds or hh:mm:ss");

    private static TimeSpan Clock(string name, string value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start)
            ? start - TimeProvider.System.GetUtcNow()
            : throw new FormatException($"{name} is '{value}'; allowed is a time such as 2026-04-01T12:00:00Z");

    // The organisation is called after its keys; nobody needs its real name here.
    private static Dictionary<string, string> Joined(IReadOnlyDictionary<string, string> organisations, string keys) => new(
        organisations.Concat(keys.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(one => KeyValuePair.Create(one, keys))).DistinctBy(pair => pair.Key, StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static SandboxFaults ReadFaults(SandboxManners manners, string path)
    {
        try
        {
            return SandboxJson.ReadFaults(SandboxFaults.Of(manners), File.ReadAllText(path));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"--faults {path}: {e.Message}", e);
        }
    }
}
