using IssueObservatory.Mesh.TokenBroker;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Broker;

/// <summary>What every <see cref="ICredentialStore"/> must keep. <see cref="Open"/> opens the same data each time, as after a crash.</summary>
public abstract class CredentialStoreContract : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CredentialKey Key = new("default", "one");

    private protected abstract ICredentialStore Open();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_put_is_found_after_a_crash()
    {
        var put = await Open().PutAsync(Sealed(Key), keepToken: false, CancellationToken.None);
        var found = (await Open().FindAsync(Key, CancellationToken.None)).ShouldNotBeNull();
        found.ShouldBeEquivalentTo(put);
        found.Secrets.ShouldBe(Sealed(Key).Secrets);
        found.WrappedKey.ShouldBe(Sealed(Key).WrappedKey);
        found.State.ShouldBe(CredentialState.Active);
        found.UpdatedAt.ShouldBe(Noon);
        found.Token.ShouldBeNull();
    }

    [Fact]
    public async Task A_lab_sees_its_own_credentials_only_in_order_of_id_and_by_pages()
    {
        var store = Open();
        foreach (var id in new[] { "b", "a_1", "a-1", "c" })
        {
            await store.PutAsync(Sealed(new("default", id)), keepToken: false, CancellationToken.None);
        }

        await store.PutAsync(Sealed(new("other", "a")), keepToken: false, CancellationToken.None);
        (await store.ListAsync("default", "", 10, CancellationToken.None)).Select(credential => credential.Key.CredentialId).ShouldBe(["a-1", "a_1", "b", "c"]);
        (await store.ListAsync("default", "a_1", 1, CancellationToken.None)).Select(credential => credential.Key.CredentialId).ShouldBe(["b"]);
        (await store.ListAsync("third", "", 10, CancellationToken.None)).ShouldBeEmpty();
        (await store.FindAsync(new("other", "b"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_put_raises_the_revision_clears_the_rejection_and_keeps_the_count_of_versions()
    {
        var store = Open();
        var first = await store.PutAsync(Sealed(Key), keepToken: false, CancellationToken.None);
        (await store.SaveTokenAsync(Key, first.Revision, Token(1), CancellationToken.None)).ShouldBeTrue();
        (await store.ChangeStateAsync(Key, first.Revision, CredentialState.Active, CredentialState.Rejected, new("invalid_client", "L1"), Noon, CancellationToken.None)).ShouldBeTrue();
        var second = await store.PutAsync(Sealed(Key), keepToken: false, CancellationToken.None);
        second.Revision.ShouldBeGreaterThan(first.Revision);
        second.State.ShouldBe(CredentialState.Active);
        second.Rejection.ShouldBeNull();
        second.Token.ShouldBeNull();
        second.LastVersion.ShouldBe(1);
        (await store.SaveTokenAsync(Key, second.Revision, Token(2), CancellationToken.None)).ShouldBeTrue();
        (await store.PutAsync(Sealed(Key), keepToken: true, CancellationToken.None)).Token.ShouldNotBeNull().Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_token_is_kept_only_for_the_revision_that_it_was_asked_with_and_in_sequence()
    {
        var store = Open();
        var first = await store.PutAsync(Sealed(Key), keepToken: false, CancellationToken.None);
        (await store.SaveTokenAsync(Key, first.Revision, Token(1), CancellationToken.None)).ShouldBeTrue();
        (await store.SaveTokenAsync(Key, first.Revision, Token(1), CancellationToken.None)).ShouldBeFalse();
        (await store.SaveTokenAsync(Key, first.Revision, Token(3), CancellationToken.None)).ShouldBeFalse();
        var second = await store.PutAsync(Sealed(Key), keepToken: false, CancellationToken.None);
        (await store.SaveTokenAsync(Key, first.Revision, Token(2), CancellationToken.None)).ShouldBeFalse();
        (await store.SaveTokenAsync(Key, second.Revision, Token(2), CancellationToken.None)).ShouldBeTrue();
        var kept = (await Open().FindAsync(Key, CancellationToken.None))!.Token.ShouldNotBeNull();
        kept.ShouldBeEquivalentTo(Token(2));
    }

    [Fact]
    public async Task Only_the_token_of_the_named_version_is_rejected()
    {
        var store = Open();
        var credential = await store.PutAsync(Sealed(Key), keepToken: false, CancellationToken.None);
        await store.SaveTokenAsync(Key, credential.Revision, Token(1), CancellationToken.None);
        await store.SaveTokenAsync(Key, credential.Revision, Token(2), CancellationToken.None);
        foreach (var other in new[] { 1, 3 })
        {
            await store.RejectTokenAsync(Key, other, CancellationToken.None);
            (await store.FindAsync(Key, CancellationToken.None))!.Token!.Rejected.ShouldBeFalse();
        }

        await store.RejectTokenAsync(Key, 2, CancellationToken.None);
        (await Open().FindAsync(Key, CancellationToken.None))!.Token!.Rejected.ShouldBeTrue();
        await store.SaveTokenAsync(Key, credential.Revision, Token(3), CancellationToken.None);
        (await store.FindAsync(Key, CancellationToken.None))!.Token!.Rejected.ShouldBeFalse();
    }

    [Fact]
    public async Task A_state_changes_only_from_the_state_and_revision_that_were_seen()
    {
        var store = Open();
        var credential = await store.PutAsync(Sealed(Key), keepToken: false, CancellationToken.None);
        Task<bool> Change(long revision, CredentialState from, CredentialState to) =>
            store.ChangeStateAsync(Key, revision, from, to, to is CredentialState.Rejected ? new("invalid_client", "L1") : null, Noon.AddHours(1), CancellationToken.None);

        (await Change(credential.Revision + 1, CredentialState.Active, CredentialState.Disabled)).ShouldBeFalse();
        (await Change(credential.Revision, CredentialState.Rejected, CredentialState.Active)).ShouldBeFalse();
        (await Change(credential.Revision, CredentialState.Active, CredentialState.Rejected)).ShouldBeTrue();
        var rejected = (await Open().ListRejectedAsync(CancellationToken.None)).ShouldHaveSingleItem();
        rejected.Rejection.ShouldBe(new Rejection("invalid_client", "L1"));
        rejected.UpdatedAt.ShouldBe(Noon.AddHours(1));
        (await Change(credential.Revision, CredentialState.Rejected, CredentialState.Active)).ShouldBeTrue();
        (await store.ListRejectedAsync(CancellationToken.None)).ShouldBeEmpty();
        (await store.FindAsync(Key, CancellationToken.None))!.Rejection.ShouldBeNull();
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    private static SealedCredential Sealed(CredentialKey key) => new() { Key = key, Account = "default", WrappedKey = [1, 2, 3], Secrets = [4, 5, 6], UpdatedAt = Noon };

    private static SealedToken Token(long version) => new() { Version = version, Content = [7, (byte)version], ObtainedAt = Noon, ExpiresAt = Noon.AddHours(2) };
}
