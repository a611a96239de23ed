using System.Reflection;
using IssueObservatory.Mesh.Messages;
using MassTransit;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>How an event is known outside this process.</summary>
/// <param name="Type">The event.</param>
/// <param name="Name">Its name on the broker, e.g. <c>page-stored</c>.</param>
/// <param name="Version">Its major version here.</param>
/// <param name="Queues">The queues of all services that handle it.</param>
internal sealed record EventContract(Type Type, string Name, int Version, IReadOnlyList<string> Queues)
{
    /// <summary>Every event of the mesh.</summary>
    public static IReadOnlyList<EventContract> All { get; } = [.. typeof(EventAttribute).Assembly.GetExportedTypes().Where(type => type.IsDefined(typeof(EventAttribute))).Select(Of)];

    /// <summary>The contract that an event's own attribute states.</summary>
    public static EventContract Of(Type type)
    {
        var stated = type.GetCustomAttribute<EventAttribute>();
        return new(type, NameOf(type), stated?.Version ?? 1, [.. (stated?.Consumers ?? []).Select(service => QueueOf(service, type))]);
    }

    /// <summary>The queue of a service for an event: <c>{service}-{event}</c>.</summary>
    public static string QueueOf(string service, Type type) => $"{service}-{NameOf(type)}";

    /// <summary>Whether a handler of this version understands an event of that one.</summary>
    public bool Understands(int version) => version >= 1 && version <= Version;

    private static string NameOf(Type type) => KebabCaseEndpointNameFormatter.Instance.SanitizeName(type.Name);
}
