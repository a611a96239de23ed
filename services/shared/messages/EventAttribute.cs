namespace IssueObservatory.Mesh.Messages;

/// <summary>What carries an event must know of it: its major version, and who handles it. README.md of this folder says when the version rises.</summary>
/// <param name="version">Major version, from 1 on. A handler of an older one refuses the event.</param>
/// <param name="consumers">The services that handle it; publisher and consumer declare their queues alike, so that nothing is lost before a consumer's first start.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventAttribute(int version, params string[] consumers) : Attribute
{
    /// <summary>Major version.</summary>
    public int Version { get; } = version;

    /// <summary>The services that handle it.</summary>
    public IReadOnlyList<string> Consumers { get; } = consumers;
}
