namespace IssueObservatory.Mesh.Ucr;

/// <summary>The id of a record: the same video of the same lab has the same id everywhere and for ever.</summary>
public static class RecordId
{
    /// <summary>Namespace of the ids (RFC 9562, version 5): a random UUID of ours that never changes.</summary>
    public static readonly Guid Namespace = new("6f6d8a3e-2b0c-4f57-9d0e-0c5a3f1b7e42");

    /// <summary>UUIDv5 of <c>{lab}/{platform}/{platform_id}</c> in <see cref="Namespace"/>.</summary>
    public static Guid Of(string labId, string platform, string platformId) => NamedGuid.Version5(Namespace, $"{labId}/{platform}/{platformId}");
}
