using System.Text;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.TokenBroker;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Broker;

public sealed class EnvelopeTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];

    [Theory]
    [InlineData("")]
    [InlineData("hemmelig æøå")]
    public void What_is_sealed_opens_again_and_never_looks_the_same_twice(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var first = Envelope.Seal(Key, plain, "use");
        Envelope.Open(Key, first, "use").ShouldBe(plain);
        Envelope.Seal(Key, plain, "use").ShouldNotBe(first);
    }

    [Fact]
    public void Every_changed_bit_is_noticed()
    {
        var content = Envelope.Seal(Key, Encoding.UTF8.GetBytes("secret"), "use");
        for (var bit = 0; bit < content.Length * 8; bit++)
        {
            var changed = content.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Envelope.Open(Key, changed, "use").ShouldBeNull($"bit {bit}");
        }

        Envelope.Open(Key, content.AsSpan(0, content.Length - 1), "use").ShouldBeNull();
        Envelope.Open(Key, [], "use").ShouldBeNull();
    }

    [Fact]
    public void Another_key_or_purpose_opens_nothing()
    {
        var content = Envelope.Seal(Key, Encoding.UTF8.GetBytes("secret"), "use");
        Envelope.Open([.. Key.Reverse()], content, "use").ShouldBeNull();
        Envelope.Open(Key, content, "another use").ShouldBeNull();
    }

    [Fact]
    public void A_sealed_credential_cannot_be_moved_to_another_lab_or_id()
    {
        var vault = new CredentialVault(() => Key);
        var now = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
        var credential = vault.Seal(new("lab", "one"), "default", new(new("key"), new("secret")), now);
        vault.TryOpen(credential).ShouldNotBeNull().ClientSecret.Reveal().ShouldBe("secret");
        vault.TryOpen(credential with { Key = new("other", "one") }).ShouldBeNull();
        vault.TryOpen(credential with { Key = new("lab", "two") }).ShouldBeNull();

        var token = vault.SealToken(credential, new("token"), now, TimeSpan.FromHours(2));
        vault.TryOpenToken(credential, token).ShouldNotBeNull().Value.Reveal().ShouldBe("token");
        vault.TryOpenToken(credential, token with { Version = 2 }).ShouldBeNull();
    }

    [Fact]
    public void The_key_file_is_made_once_for_its_owner_only()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("credentials.key");
        var key = Convert.ToHexString(MasterKey.LoadOrMake(path));
        key.Length.ShouldBe(64);
        Convert.ToHexString(MasterKey.LoadOrMake(path)).ShouldBe(key);
        Directory.GetFiles(folder.Path).ShouldBe([path]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAECAw==")]
    public void A_key_file_that_holds_something_else_is_refused_by_name(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("my.key"), content);
        Should.Throw<StartRefusedException>(() => MasterKey.Load(folder.PathOf("my.key"))).Message.ShouldBe("The key file my.key must hold 32 bytes as base64 and nothing else.");
        Should.Throw<StartRefusedException>(() => MasterKey.Load(folder.PathOf("absent.key"))).Message.ShouldContain("absent.key cannot be read");
    }
}
