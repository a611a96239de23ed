using System.Text;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Ucr;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class SaltSourceTests : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("mesh-salt-").FullName;

    [Fact]
    public void Without_a_salt_one_is_made_once_and_readable_by_its_owner_only()
    {
        var salt = Source().Read().Reveal();
        salt.Length.ShouldBe(43);
        salt.ShouldAllBe(character => char.IsAsciiLetterOrDigit(character) || character == '-' || character == '_');
        Source().Read().Reveal().ShouldBe(salt);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(path, "salt")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Directory.GetFiles(path).ShouldBe([Path.Combine(path, "salt")]);
    }

    [Fact]
    public void A_given_salt_is_used_as_it_is_and_a_files_without_its_last_newline()
    {
        var given = "  æ" + new string('s', 32);
        Source(("PSEUDONYMIZATION_SALT", given)).Read().Reveal().ShouldBe(given);
        var file = Path.Combine(path, "secret");
        File.WriteAllText(file, given + "\n");
        Source(("PSEUDONYMIZATION_SALT_FILE", file)).Read().Reveal().ShouldBe(given);
        File.Exists(Path.Combine(path, "salt")).ShouldBeFalse();
    }

    [Fact]
    public void Bytes_count_not_letters()
    {
        Source(("PSEUDONYMIZATION_SALT", new string('æ', 16))).Read().Reveal().Length.ShouldBe(16);
        var refusal = Should.Throw<StartRefusedException>(() => Source(("PSEUDONYMIZATION_SALT", new string('s', 31))).Read());
        refusal.Message.ShouldBe("PSEUDONYMIZATION_SALT: the salt must have at least 32 UTF-8 bytes, it has 31.");
    }

    [Fact]
    public void A_file_that_is_not_there_and_a_cluster_without_a_salt_are_refused_by_name()
    {
        Should.Throw<StartRefusedException>(() => Source(("PSEUDONYMIZATION_SALT_FILE", Path.Combine(path, "none"))).Read()).Message.ShouldStartWith("PSEUDONYMIZATION_SALT_FILE: ");
        Should.Throw<StartRefusedException>(() => Source(("ConnectionStrings:MongoDb", "mongodb://127.0.0.1")).Read()).Message.ShouldStartWith("PSEUDONYMIZATION_SALT: ");
    }

    [Fact]
    public async Task A_folder_keeps_its_salt_and_its_scheme()
    {
        using var folder = new NormalizerFolder();
        await Check(folder, PseudonymScheme.Sha256, Videos.Salt).StartingAsync(CancellationToken.None);
        await Check(folder, PseudonymScheme.Sha256, Videos.Salt).StartingAsync(CancellationToken.None);
        folder.Restart();
        await Check(folder, PseudonymScheme.Sha256, Videos.Salt).StartingAsync(CancellationToken.None);

        var refusal = await Should.ThrowAsync<StartRefusedException>(Check(folder, PseudonymScheme.Sha256, Videos.Salt + "!").StartingAsync(CancellationToken.None));
        refusal.Message.ShouldStartWith("PSEUDONYMIZATION_SALT: another salt");
        refusal.Message.ShouldNotContain(Videos.Salt);
        await Should.ThrowAsync<StartRefusedException>(Check(folder, PseudonymScheme.HmacSha256, Videos.Salt).StartingAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_salt_is_in_no_store()
    {
        using var folder = new NormalizerFolder();
        await Check(folder, PseudonymScheme.Sha256, Videos.Salt).StartingAsync(CancellationToken.None);
        await folder.TakeAsync(Videos.Page("p", [Videos.Video(1)]));
        foreach (var file in Directory.GetFiles(folder.Path))
        {
            Bytes(file).IndexOf(Encoding.UTF8.GetBytes(Videos.Salt)).ShouldBe(-1, Path.GetFileName(file));
        }
    }

    public void Dispose() => Directory.Delete(path, recursive: true);

    internal static ReadOnlySpan<byte> Bytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static PseudonymCheck Check(NormalizerFolder folder, PseudonymScheme scheme, string salt) => new(() => new AuthorPseudonyms(scheme, salt), () => folder.Store, () => folder.OldProfiles, stopsStart: true);

    private SaltSource Source(params (string Key, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build(),
        new DataFolder(path));
}
