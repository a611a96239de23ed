using System.Globalization;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox;

namespace IssueObservatory.Mesh.Interop;

/// <summary>What a test asks for: a hashtag and 32 days of which the last is dark. The 31 days before it are one window, so nothing else is lost with it.</summary>
/// <param name="Hashtag">Without <c>#</c>.</param>
/// <param name="Month">Even month of 2025 that the last day lies in.</param>
internal sealed record Asked(string Hashtag, int Month)
{
    private const int Days = 32;

    /// <summary>The first day.</summary>
    public DateOnly From => To.AddDays(1 - Days);

    /// <summary>The last day, which is missing.</summary>
    public DateOnly To => new(2025, Month, RunningMesh.DarkDay);

    /// <summary>As typed.</summary>
    public string Term => $"#{Hashtag}";

    /// <summary>The collection, in proto's JSON.</summary>
    public JsonObject Spec => new()
    {
        ["terms"] = new JsonArray(Term),
        ["regions"] = new JsonArray("DK"),
        ["days"] = new JsonObject { ["from"] = Text(From), ["to"] = Text(To) },
    };

    /// <summary>As the API writes days.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The truth: the ids of every video that can be had.</summary>
    public IReadOnlyList<string> Truth(SandboxWorld world)
    {
        var query = new SandboxQuery { And = [new("EQ", "hashtag_name", [Hashtag]), new("IN", "region_code", ["DK"])] };
        return [.. world.Find(query, From, To.AddDays(-1)).Select(video => video.Id.ToString(CultureInfo.InvariantCulture))];
    }
}
