using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

/// <summary>Recorded and documented replies, which are not part of the project: MESH_FIXTURES says where they are.</summary>
internal static class Recordings
{
    public static string Folder
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("MESH_FIXTURES") ?? Beside();
            Assert.SkipUnless(Directory.Exists(folder), "The recordings are not here; set MESH_FIXTURES to their folder.");
            return folder!;
        }
    }

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    private static string? Beside()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IssueObservatory.Mesh.sln")))
        {
            folder = folder.Parent;
        }

        return folder is null ? null : Path.Combine(folder.FullName, "..", "shared", "fixtures");
    }
}
