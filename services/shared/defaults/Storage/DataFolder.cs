namespace IssueObservatory.Mesh.Defaults;

/// <summary>The folder that holds everything in embedded mode: one file per service, keys beside them.</summary>
public sealed class DataFolder(string path)
{
    /// <summary>Absolute path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The folder; made for its owner only when it is missing.</summary>
    public static DataFolder Open(string path)
    {
        var folder = new DataFolder(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder.Path);
        }
        else
        {
            Directory.CreateDirectory(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }

    /// <summary>Path of a file in it, e.g. <c>collector.db</c>.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);
}
