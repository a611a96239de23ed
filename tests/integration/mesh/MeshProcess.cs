using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>The command <c>mesh</c> as a process of its own, as a person starts it.</summary>
internal sealed class MeshProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();

    private MeshProcess(Process process) => this.process = process;

    /// <summary>Starts a command; nothing of the test's environment that steers the mesh is passed on.</summary>
    public static MeshProcess Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (IEnumerable<string>)[Path.Combine(AppContext.BaseDirectory, "mesh.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var mesh = new MeshProcess(new Process { StartInfo = start });
        mesh.process.OutputDataReceived += (_, line) => Append(mesh.output, line.Data);
        mesh.process.ErrorDataReceived += (_, line) => Append(mesh.errors, line.Data);
        mesh.process.Start();
        mesh.process.StandardInput.Close();
        mesh.process.BeginOutputReadLine();
        mesh.process.BeginErrorReadLine();
        return mesh;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<MeshResult> RunAsync(IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        using var mesh = Start(environment, arguments);
        return await mesh.WaitAsync(cancellationToken);
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public string Errors
    {
        get
        {
            lock (errors)
            {
                return errors.ToString();
            }
        }
    }

    public async Task<MeshResult> WaitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return new(process.ExitCode, output.ToString(), errors.ToString());
    }

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Until the first line on stderr: a command that follows a collection has connected by then.</summary>
    public async Task UntilItSaysSomethingAsync(CancellationToken cancellationToken)
    {
        while (Errors.Length == 0 && !process.HasExited)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("TIKTOK_", StringComparison.Ordinal) || name.StartsWith("QUOTA_", StringComparison.Ordinal)
        || name.StartsWith("RESEARCH_API_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || name.StartsWith("MESH_", StringComparison.Ordinal) || name is "PSEUDONYMIZATION_SALT";

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
        }
    }
}

/// <summary>How a command ended.</summary>
internal sealed record MeshResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The JSON object on the last line of stdout.</summary>
    public JsonElement Json => JsonDocument.Parse(Output.TrimEnd().Split('\n')[^1]).RootElement;
}
