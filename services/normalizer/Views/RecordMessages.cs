using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Records and documents as they go over the wire.</summary>
internal static class RecordMessages
{
    /// <summary>The record as a message; null becomes absent.</summary>
    public static ContentRecord Of(UniversalContentRecord record)
    {
        var message = new ContentRecord
        {
            Id = record.Id.ToString("D"),
            PublishedAt = Timestamp.FromDateTimeOffset(record.PublishedAt),
            Platform = record.Platform,
            Arena = record.Arena,
            PlatformId = record.PlatformId,
            ContentType = record.ContentType,
            CollectedAt = Timestamp.FromDateTimeOffset(record.CollectedAt),
            CollectionTier = record.CollectionTier,
            RawMetadata = Struct.Parser.ParseJson(RecordNdjson.MetadataJson(record.RawMetadata)),
            TermMatched = record.TermMatched,
        };
        message.SearchTermsMatched.AddRange(record.SearchTermsMatched);
        Put(record.Url, value => message.Url = value);
        Put(record.TextContent, value => message.TextContent = value);
        Put(record.Language, value => message.Language = value);
        Put(record.AuthorName, value => message.AuthorPlatformId = value);
        Put(record.AuthorDisplayName, value => message.AuthorDisplayName = value);
        Put(record.PseudonymizedAuthorId, value => message.PseudonymizedAuthorId = value);
        Put(record.CollectionRunId, value => message.CollectionRunId = value);
        Put(record.QueryDesignId, value => message.QueryDesignId = value);
        Put(record.ContentHash, value => message.ContentHash = value);
        Put(record.ViewsCount, value => message.ViewsCount = value);
        Put(record.LikesCount, value => message.LikesCount = value);
        Put(record.SharesCount, value => message.SharesCount = value);
        Put(record.CommentsCount, value => message.CommentsCount = value);
        if (record.EngagementScore is { } score)
        {
            message.EngagementScore = score;
        }

        return message;
    }

    /// <summary>The record without its content.</summary>
    public static KeptItem ItemOf(StoredRecord record) => new()
    {
        PlatformId = record.PlatformId,
        Kind = record.Type is StoredType.Comment ? CheckedItems.Comments : CheckedItems.Videos,
        PublishedAt = Timestamp.FromDateTimeOffset(record.PublishedAt),
        ReadAt = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(record.Version.At, record.RefreshedAt ?? 0))),
    };

    /// <summary>The document as a message; null becomes absent.</summary>
    public static Document Of(UniversalDocument document)
    {
        var fields = new JsonObject(document.Fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        return new()
        {
            Id = document.Id.ToString("D"),
            Type = StoredTypes.Of(document.Type).ToDocumentType(),
            Key = document.Key,
            CollectedAt = Timestamp.FromDateTimeOffset(document.CollectedAt),
            Fields = Struct.Parser.ParseJson(fields.ToJsonString()),
            Withheld = { document.Withheld },
        };
    }

    private static void Put(string? value, Action<string> set)
    {
        if (value is not null)
        {
            set(value);
        }
    }

    private static void Put(long? value, Action<long> set)
    {
        if (value is { } count)
        {
            set(count);
        }
    }
}
