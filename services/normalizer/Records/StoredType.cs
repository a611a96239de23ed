using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>What a kept thing is. Videos and comments are records; the rest are documents.</summary>
internal enum StoredType
{
    Video,
    Comment,
    Profile,
    Follow,
    Playlist,
    Shop,
    Product,
    Review,
}

/// <summary>How stores call types and keys.</summary>
internal static class StoredTypes
{
    private const char Mark = ':';

    private static readonly string[] Names = ["video", "comment", "profile", "follow", "playlist", "shop", "product", "review"];

    /// <summary>The type in small letters, as rows and lines have it.</summary>
    public static string Name(this StoredType type) => Names[(int)type];

    /// <summary>The type of that name.</summary>
    public static StoredType Of(string name) => (StoredType)Array.IndexOf(Names, name);

    /// <summary>The type of documents that somebody asks for; null: records.</summary>
    public static StoredType? Of(DocumentType type) => type switch
    {
        DocumentType.Profile => StoredType.Profile,
        DocumentType.Follow => StoredType.Follow,
        DocumentType.Playlist => StoredType.Playlist,
        DocumentType.Shop => StoredType.Shop,
        DocumentType.Product => StoredType.Product,
        DocumentType.Review => StoredType.Review,
        _ => null,
    };

    /// <summary>The type as others call it; UNSPECIFIED of a record.</summary>
    public static DocumentType ToDocumentType(this StoredType type) => Enum.GetValues<DocumentType>().FirstOrDefault(document => Of(document) == type);

    /// <summary>Whether it becomes a content record.</summary>
    public static bool IsRecord(this StoredType type) => type is StoredType.Video or StoredType.Comment;

    /// <summary>What tells things of a lab apart: the bare id of a video, otherwise <c>type:id</c>.</summary>
    public static string Key(StoredType type, string id) => type is StoredType.Video ? id : $"{Names[(int)type]}{Mark}{id}";

    /// <summary>The type within a key.</summary>
    public static StoredType TypeOf(string key) => key.IndexOf(Mark, StringComparison.Ordinal) is > 0 and var mark ? Of(key[..mark]) : StoredType.Video;

    /// <summary>The id within a key.</summary>
    public static string IdOf(string key) => key[(key.IndexOf(Mark, StringComparison.Ordinal) + 1)..];
}
