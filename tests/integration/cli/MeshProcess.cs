using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace IssueObservatory.Mesh.Tests.Integration.Cli;

/// <summary>The command as a process of its own.</summary>
internal sealed class MeshProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder error = new();
    private readonly Task<string> output;
    private readonly Task reading;

    private MeshProcess(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        reading = ReadErrorAsync();
    }

    /// <summary>What it said so far.</summary>
    public string Error
    {
        get
        {
            lock (error)
            {
                return error.ToString();
            }
        }
    }

    /// <summary>Starts it with this environment.</summary>
    public static MeshProcess Start(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "mesh.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken, params string[] args)
    {
        using var mesh = Start(environment, args);
        return await mesh.EndAsync(cancellationToken);
    }

    /// <summary>The object on the last line of an output.</summary>
    public static JsonElement LastLine(string output) => JsonDocument.Parse(output.TrimEnd('\n').Split('\n')[^1]).RootElement;

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        await reading.WaitAsync(cancellationToken);
        return (process.ExitCode, await output, Error);
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public void Kill() => process.Kill();

    /// <summary>Interrupts it as a person does.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private async Task ReadErrorAsync()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            lock (error)
            {
                error.Append(line).Append('\n');
            }
        }
    }
}
