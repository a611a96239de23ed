using System.Diagnostics;
using IssueObservatory.Mesh.Tests;
using Xunit;

namespace IssueObservatory.Mesh.Interop;

/// <summary>Programs of others that these tests need. One that is missing skips its tests, with the reason; with CI=true it fails them.</summary>
internal static class Tools
{
    /// <summary>Debian's Python: the first in PATH may be another one, without Debian's packages.</summary>
    public const string Python = "/usr/bin/python3";

    private const string Advice = "`build/test --only interop` says what to install";

    /// <summary>Folder with node_modules.</summary>
    public static string Npm { get; } = Repository.PathOf(".tools");

    /// <summary>The contract.</summary>
    public static string Protos { get; } = Repository.PathOf("protos");

    /// <summary>A file beside these tests.</summary>
    public static string Client(string file) => Repository.PathOf("tests", "interop", "clients", file);

    /// <summary>A program of an npm package; node starts it.</summary>
    public static string NpmProgram(string name)
    {
        InPath("node");
        return Existing(Path.Combine(Npm, "node_modules", ".bin", name));
    }

    /// <summary>Makes sure that an npm package is there.</summary>
    public static void NeedPackage(string name) => Existing(Path.Combine(Npm, "node_modules", name, "package.json"));

    /// <summary>Makes sure that Debian's Python is there, with this module.</summary>
    public static void NeedPython(string module)
    {
        Existing(Python);
        using var probe = Process.Start(new ProcessStartInfo(Python, ["-c", $"import {module}"]) { RedirectStandardError = true, UseShellExecute = false })!;
        probe.WaitForExit();
        if (probe.ExitCode != 0)
        {
            Missing($"{Python} has no module {module}");
        }
    }

    /// <summary>A program in PATH.</summary>
    public static string InPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? Missing($"{name} is not in PATH");

    /// <summary>A file that a package brings.</summary>
    public static string Existing(string path) => File.Exists(path) ? path : Missing($"{path} is missing");

    private static string Missing(string what)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail($"{what}; {Advice}.");
        }

        Assert.Skip($"{what}; {Advice}.");
        return what;
    }
}
