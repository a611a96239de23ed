using System.Reflection;
using System.Xml.Linq;

namespace IssueObservatory.Mesh.Unit.Architecture;

/// <summary>One .csproj: where it is and what it references.</summary>
internal sealed record Project(string Path, IReadOnlyList<string> References)
{
    public static IReadOnlyList<Project> All { get; } =
        [.. RepositoryTree.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).Select(Load)];

    /// <summary>The deployables: services/NAME/….csproj.</summary>
    public static IReadOnlyList<Project> Services { get; } = [.. All.Where(project => Layers.Of(project.Path) is Layer.Service)];

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public Assembly Assembly => Assembly.Load("IssueObservatory.Mesh." + Name);

    public static Project Named(string name) => All.Single(project => project.Name == name);

    private static Project Load(string path)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        var references = XDocument.Parse(RepositoryTree.Read(path)).Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(include => System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryTree.Root, folder, include)))
            .Select(full => System.IO.Path.GetRelativePath(RepositoryTree.Root, full).Replace('\\', '/'));
        return new Project(path, [.. references]);
    }
}
