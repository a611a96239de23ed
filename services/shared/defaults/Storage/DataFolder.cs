namespace IssueObservatory.Mesh.Defaults;

/// <summary>The folder that holds everything in embedded mode: one file per service, keys beside them.</summary>
public sealed class DataFolder(string path)
{
    /// <summary>Absolute path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Path of a file in it, e.g. <c>collector.db</c>.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);
}
