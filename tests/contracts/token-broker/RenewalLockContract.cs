using IssueObservatory.Mesh.TokenBroker;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Broker;

/// <summary>What every <see cref="IRenewalLock"/> must keep. <see cref="Open"/> opens the same turns each time, as another broker would.</summary>
public abstract class RenewalLockContract
{
    private static readonly CredentialKey Key = new("default", "one");

    private protected abstract IRenewalLock Open();

    [Fact]
    public async Task One_has_the_turn_and_the_next_gets_it_afterwards()
    {
        var turn = (await TakeAsync(Open())).ShouldNotBeNull();
        (await TakeAsync(Open())).ShouldBeNull();
        await turn.DisposeAsync();
        (await TakeAsync(Open())).ShouldNotBeNull();
    }

    [Fact]
    public async Task Credentials_and_labs_have_turns_of_their_own()
    {
        await TakeAsync(Open());
        (await Open().TryTakeAsync(Key with { CredentialId = "two" }, CancellationToken.None)).ShouldNotBeNull();
        (await Open().TryTakeAsync(Key with { LabId = "aarhus" }, CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_turn_that_is_over_cannot_end_the_next_one()
    {
        var first = (await TakeAsync(Open())).ShouldNotBeNull();
        await first.DisposeAsync();
        await using var second = (await TakeAsync(Open())).ShouldNotBeNull();
        await first.DisposeAsync();
        (await TakeAsync(Open())).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_at_once_one_gets_it()
    {
        var locks = new[] { Open(), Open(), Open() };
        var turns = await Task.WhenAll(Enumerable.Range(0, 30).Select(caller => Task.Run(() => TakeAsync(locks[caller % 3]))));
        turns.Count(turn => turn is not null).ShouldBe(1);
    }

    private static Task<IAsyncDisposable?> TakeAsync(IRenewalLock turns) => turns.TryTakeAsync(Key, CancellationToken.None);
}
