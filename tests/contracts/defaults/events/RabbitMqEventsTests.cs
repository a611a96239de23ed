using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Events over a real RabbitMQ.</summary>
public sealed class RabbitMqEventsTests(SharedRabbitMq rabbit) : EventsContract
{
    protected override async Task<IReadOnlyDictionary<string, string?>> SettingsAsync() =>
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:RabbitMq"] = await rabbit.NewVirtualHostAsync() };
}
