using System.Diagnostics;

namespace IssueObservatory.Mesh.Unit.Architecture;

/// <summary>The files of this repository, as committed: what a run leaves in the folder is not ours to judge.</summary>
internal static class RepositoryTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to <see cref="Root"/>, with `/` between folders.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. ListFiles().Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static IEnumerable<string> Under(string folder, string suffix = "") =>
        Files.Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal) && file.EndsWith(suffix, StringComparison.Ordinal));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IssueObservatory.Mesh.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("These tests run inside the repository: no IssueObservatory.Mesh.sln above " + AppContext.BaseDirectory);
    }

    private static IEnumerable<string> ListFiles() =>
        Path.Exists(Path.Combine(Root, ".git")) ? Tracked() : Visible(new DirectoryInfo(Root));

    private static IEnumerable<string> Tracked()
    {
        var start = new ProcessStartInfo("git")
        {
            ArgumentList = { "-c", "safe.directory=*", "-C", Root, "ls-files", "-z" },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start) ?? throw new InvalidOperationException("git did not start");
        var names = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        if (git.ExitCode != 0)
        {
            throw new InvalidOperationException($"git ls-files ended with {git.ExitCode}");
        }

        return names.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(name => File.Exists(Path.Combine(Root, name)));
    }

    // An unpacked archive has no git: everything but hidden folders.
    private static IEnumerable<string> Visible(DirectoryInfo folder) =>
        folder.EnumerateFiles().Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Concat(folder.EnumerateDirectories().Where(child => child.Name is ".ci" || child.Name[0] != '.').SelectMany(Visible));
}
