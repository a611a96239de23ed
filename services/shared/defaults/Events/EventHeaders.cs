namespace IssueObservatory.Mesh.Defaults;

/// <summary>What travels beside an event.</summary>
internal static class EventHeaders
{
    /// <summary>Major version of the event, a whole number; absent means 1.</summary>
    public const string Version = "mesh-event-version";

    /// <summary>W3C trace context of whoever published it.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>How often it has been tried.</summary>
    public const string Tries = "mesh-event-tries";

    /// <summary>The queue in which a dead letter was.</summary>
    public const string Origin = "mesh-dead-origin";

    /// <summary>Why it is a dead letter: the kind of failure, never content.</summary>
    public const string Reason = "mesh-dead-reason";

    /// <summary>When it became a dead letter, RFC 3339 in UTC.</summary>
    public const string DiedAt = "mesh-dead-at";
}
