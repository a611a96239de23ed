using System.Buffers.Text;
using System.Globalization;
using System.Text;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A place in the changes of a collection's records, opaque to callers.</summary>
internal static class RecordCursors
{
    public static string Write(string collectionId, long sequence) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{collectionId}:{sequence}")));

    /// <summary>The change after which to go on; 0 for an empty cursor.</summary>
    /// <exception cref="MeshException">BAD_INPUT: not a cursor of this collection.</exception>
    public static long Read(string cursor, string collectionId)
    {
        if (cursor.Length == 0)
        {
            return 0;
        }

        return Base64Url.IsValid(cursor)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(':') is [var id, var number]
            && string.Equals(id, collectionId, StringComparison.Ordinal)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? sequence
                : throw MeshException.BadInput("cursor", "cursor must be one that this collection's stream gave, or empty");
    }
}
