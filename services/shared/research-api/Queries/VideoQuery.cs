namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>
/// The API's query language, one level deep: all of <see cref="And"/>, at least one of <see cref="Or"/> (when there are any) and none of <see cref="Not"/>.
/// Build it freely, then ask <see cref="VideoQueryValidator"/>.
/// </summary>
public sealed record VideoQuery
{
    public IReadOnlyList<Condition> And { get; init; } = [];

    public IReadOnlyList<Condition> Or { get; init; } = [];

    public IReadOnlyList<Condition> Not { get; init; } = [];

    public bool Equals(VideoQuery? other) =>
        other is not null && And.SequenceEqual(other.And) && Or.SequenceEqual(other.Or) && Not.SequenceEqual(other.Not);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var condition in (IEnumerable<Condition>)[.. And, .. Or, .. Not])
        {
            hash.Add(condition);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"and[{And.Count}] or[{Or.Count}] not[{Not.Count}]";
}
