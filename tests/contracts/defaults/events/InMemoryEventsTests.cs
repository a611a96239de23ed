using IssueObservatory.Mesh.Defaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Events within one process.</summary>
public sealed class InMemoryEventsTests : EventsContract
{
    [Fact]
    public async Task The_host_waits_until_its_queues_are_bound()
    {
        await using var host = await DefaultsHost.StartAsync();

        // They usually are in time even without it; on a busy machine they are not, and what is published before is lost.
        host.Services.GetRequiredService<IOptions<MassTransit.MassTransitHostOptions>>().Value.WaitUntilStarted.ShouldBeTrue();
    }

    [Fact]
    public async Task It_keeps_no_dead_letters_and_says_so()
    {
        await using var host = await DefaultsHost.StartAsync();

        host.Services.GetRequiredService<IDeadLetters>().AreKept.ShouldBeFalse();
    }

    protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() => Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal));
}
