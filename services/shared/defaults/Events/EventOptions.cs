using System.ComponentModel.DataAnnotations;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>How events are published; section <c>Events</c>.</summary>
public sealed record EventOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Events";

    /// <summary>How long the broker may take to confirm an event; then whoever publishes goes on without. 100 ms to 1 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan PublishDeadline { get; init; } = TimeSpan.FromSeconds(5);
}
