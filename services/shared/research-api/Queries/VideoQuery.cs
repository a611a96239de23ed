using System.Text;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>
/// The API's query language, one level deep: all of <see cref="And"/>, at least one of <see cref="Or"/> (when there are any) and none of <see cref="Not"/>.
/// Build it freely (<c>new VideoQuery().AllOf(…).NoneOf(…)</c>), then ask <see cref="VideoQueryValidator"/>.
/// </summary>
public sealed record VideoQuery
{
    public IReadOnlyList<Condition> And { get; init; } = [];

    public IReadOnlyList<Condition> Or { get; init; } = [];

    public IReadOnlyList<Condition> Not { get; init; } = [];

    /// <summary>The same query, to which all of these must apply too.</summary>
    public VideoQuery AllOf(params IEnumerable<Condition> conditions) => this with { And = [.. And, .. conditions] };

    /// <summary>The same query with more alternatives, of which at least one must apply.</summary>
    public VideoQuery AnyOf(params IEnumerable<Condition> conditions) => this with { Or = [.. Or, .. conditions] };

    /// <summary>The same query, to which none of these may apply.</summary>
    public VideoQuery NoneOf(params IEnumerable<Condition> conditions) => this with { Not = [.. Not, .. conditions] };

    /// <summary>As the API reads it; the same query gives the same text. Query text: not for logs.</summary>
    public string ToJson() => Encoding.UTF8.GetString(VideoQueryWriter.Write(this));

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
