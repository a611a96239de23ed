namespace IssueObservatory.Mesh.Bench;

/// <summary>A folder for one round's files, on the disk of the repository, gone afterwards.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateDirectory(System.IO.Path.Combine(Root, ".artifacts", "bench", Guid.NewGuid().ToString("N")));

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Absolute path.</summary>
    public string Path => folder.FullName;

    /// <summary>Path of a file in it.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    public void Dispose() => folder.Delete(recursive: true);

    private static string FindRoot()
    {
        for (var place = new DirectoryInfo(AppContext.BaseDirectory); place is not null; place = place.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(place.FullName, "IssueObservatory.Mesh.sln")))
            {
                return place.FullName;
            }
        }

        throw new InvalidOperationException("The bench runs inside the repository: no IssueObservatory.Mesh.sln above it.");
    }
}
