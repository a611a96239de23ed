using System.CommandLine;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>How types of documents are typed.</summary>
internal static class DocumentTypes
{
    private static readonly Dictionary<string, DocumentType> Known = new(StringComparer.Ordinal)
    {
        ["profiles"] = DocumentType.Profile,
        ["follows"] = DocumentType.Follow,
        ["playlists"] = DocumentType.Playlist,
        ["shops"] = DocumentType.Shop,
        ["products"] = DocumentType.Product,
        ["reviews"] = DocumentType.Review,
    };

    /// <summary>The option <c>--type</c>.</summary>
    public static Option<string?> Option() => OptionOf.Word("--type", "Documents of this type (default: records, or what the collection's list makes when it makes no records)", [.. Known.Keys]);

    /// <summary>What was typed; UNSPECIFIED when nothing was.</summary>
    public static DocumentType Of(string? typed) => typed is null ? DocumentType.Unspecified : Known[typed];
}
