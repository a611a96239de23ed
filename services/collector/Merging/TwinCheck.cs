using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A search that asks for one clause of a merged search alone, on some of its days, to compare what TikTok finds with what was found for it locally.</summary>
/// <param name="Merged">The merged search.</param>
/// <param name="Until">Nothing is sent after this: nobody waits long for a check, and what has gone by then would look like a difference.</param>
internal sealed record TwinCheck(string Merged, DateTimeOffset Until);

/// <summary>A video as a merged search brought it, seen from one clause of it.</summary>
/// <param name="IsOurs">Whether it was attributed to the clause.</param>
/// <param name="IsWithin">Whether it certainly belongs to the days that are checked: by when it was created and by when it was uploaded.</param>
/// <param name="ReadAt">When its page was fetched.</param>
internal readonly record struct MergedVideo(bool IsOurs, bool IsWithin, DateTimeOffset ReadAt);

/// <summary>What a check found.</summary>
/// <param name="Videos">Videos compared, 1 or more.</param>
/// <param name="Missed">Those of them that TikTok finds for the clause; the merged search brought them too, and they were not attributed to it.</param>
/// <param name="Invented">Those of them that were attributed to it and that TikTok does not find for it.</param>
internal sealed record TwinResult(int Videos, int Missed, int Invented)
{
    /// <summary>Any is one too many: it raises an alert.</summary>
    [JsonIgnore]
    public int Differences => Missed + Invented;
}
