namespace IssueObservatory.Mesh.Cli.Sessions;

/// <summary>Where a command works: in a folder, or at a mesh that runs elsewhere.</summary>
internal sealed record Place
{
    /// <summary>The folder; null with <see cref="Server"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>Requests a second to begin with; null: the default.</summary>
    public double? Rate { get; init; }

    /// <summary>The mesh elsewhere; null with <see cref="Folder"/>.</summary>
    public Uri? Server { get; init; }

    /// <summary>File with the key for the mesh elsewhere.</summary>
    public string? KeyFile { get; init; }
}
