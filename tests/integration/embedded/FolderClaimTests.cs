using System.Diagnostics;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Embedded;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Integration.Embedded;

/// <summary>One host for each folder, found by the others, and no stranger's folder touched.</summary>
public sealed class FolderClaimTests : IDisposable
{
    private static readonly HostAddress Somewhere = new(new Uri("http://127.0.0.1:5080"), new Secret<string>("a key"));

    private readonly string parent = Directory.CreateTempSubdirectory("mesh-claim-").FullName;

    private string Folder => Path.Combine(parent, "data");

    public void Dispose() => Directory.Delete(parent, recursive: true);

    [Fact]
    public void A_missing_folder_is_made_for_its_owner_and_marked()
    {
        using var claim = FolderClaim.Claim(Folder);
        claim.Announce(Somewhere);

        File.ReadAllText(Path.Combine(Folder, "mesh.json")).ShouldBe("""{"format":1}""");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (var file in Directory.GetFiles(Folder))
            {
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
            }
        }

        Directory.GetFiles(Folder).Select(Path.GetFileName).ShouldBe(["host.json", "mesh.json", "mesh.lock"], ignoreOrder: true);
    }

    [Fact]
    public void A_second_claim_is_refused_until_the_first_is_given_up()
    {
        var first = FolderClaim.Claim(Folder);

        Should.Throw<DataFolderException>(() => FolderClaim.Claim(Folder)).IsClaimed.ShouldBeTrue();
        first.Dispose();
        first.Dispose();

        FolderClaim.Claim(Folder).Dispose();
    }

    [Fact]
    public void A_running_host_is_found_and_a_stopped_one_is_not()
    {
        FolderClaim.TryAttach(Folder).ShouldBeNull();
        using (var claim = FolderClaim.Claim(Folder))
        {
            FolderClaim.TryAttach(Folder).ShouldBeNull();
            claim.Announce(Somewhere);
            FolderClaim.TryAttach(Folder).ShouldBe(Somewhere);
        }

        FolderClaim.TryAttach(Folder).ShouldBeNull();
        File.Exists(Path.Combine(Folder, "host.json")).ShouldBeFalse();
    }

    [Fact]
    public void The_file_of_a_dead_host_is_ignored_and_then_removed()
    {
        FolderClaim.Claim(Folder).Dispose();
        var left = Path.Combine(Folder, "host.json");
        File.WriteAllText(left, $$"""{"address":"http://127.0.0.1:1","key":"old","pid":{{Environment.ProcessId}}}""");

        FolderClaim.TryAttach(Folder).ShouldBeNull();
        using var claim = FolderClaim.Claim(Folder);

        File.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public void The_file_of_a_dead_host_is_not_believed_while_a_new_one_starts()
    {
        using var claim = FolderClaim.Claim(Folder);
        File.WriteAllText(Path.Combine(Folder, "host.json"), """{"address":"http://127.0.0.1:1","key":"old","pid":2147483646}""");

        FolderClaim.TryAttach(Folder).ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_comes_while_a_host_starts_waits_for_its_address()
    {
        using var claim = FolderClaim.Claim(Folder);
        var attaching = FolderClaim.AttachAsync(Folder, TimeProvider.System, CancellationToken.None);
        attaching.IsCompleted.ShouldBeFalse();

        claim.Announce(Somewhere);

        (await attaching.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(Somewhere);
    }

    [Fact]
    public async Task Whoever_comes_while_a_host_fails_to_start_may_claim()
    {
        var claim = FolderClaim.Claim(Folder);
        var attaching = FolderClaim.AttachAsync(Folder, TimeProvider.System, CancellationToken.None);

        claim.Dispose();

        (await attaching.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_claims_at_once_one_wins()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            try
            {
                return FolderClaim.Claim(Folder);
            }
            catch (DataFolderException refused) when (refused.IsClaimed)
            {
                return null;
            }
        })));

        claims.OfType<FolderClaim>().ShouldHaveSingleItem().Dispose();
    }

    [Fact]
    public async Task The_claim_of_a_killed_process_is_free()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uses flock(1) as the other process.");
        FolderClaim.Claim(Folder).Dispose();
        using var other = Process.Start(new ProcessStartInfo("flock", ["--no-fork", Path.Combine(Folder, "mesh.lock"), "sh", "-c", "echo held; exec sleep 60"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        (await other.StandardOutput.ReadLineAsync()).ShouldBe("held");

        Should.Throw<DataFolderException>(() => FolderClaim.Claim(Folder)).IsClaimed.ShouldBeTrue();
        other.Kill();
        await other.WaitForExitAsync();

        FolderClaim.Claim(Folder).Dispose();
    }

    [Fact]
    public void A_strangers_folder_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "thesis.docx"), "mine");

        Should.Throw<DataFolderException>(() => FolderClaim.Claim(Folder)).Message.ShouldBe($"The folder {Folder} holds something else (thesis.docx) and no mesh.json; choose an empty or a new folder.");

        Directory.GetFileSystemEntries(Folder).Length.ShouldBe(1);
    }

    [Fact]
    public void An_empty_folder_and_one_that_a_killed_process_began_are_taken()
    {
        Directory.CreateDirectory(Folder);
        FolderClaim.Claim(Folder).Dispose();

        File.Delete(Path.Combine(Folder, "mesh.json"));
        File.WriteAllText(Path.Combine(Folder, "mesh.json.new"), "{");
        FolderClaim.Claim(Folder).Dispose();
    }

    [Theory]
    [InlineData("""{"format":2}""")]
    [InlineData("not json")]
    public void A_folder_of_another_format_is_refused(string marker)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "mesh.json"), marker);

        Should.Throw<DataFolderException>(() => FolderClaim.Claim(Folder)).Message.ShouldContain("mesh.json names another format than 1");
    }

    [Fact]
    public void A_place_that_cannot_hold_a_folder_is_one_clear_line()
    {
        File.WriteAllText(Folder, "a file");

        Should.Throw<DataFolderException>(() => FolderClaim.Claim(Folder)).Message.ShouldBe($"The data folder {Folder} cannot be written to; choose another one or correct its permissions.");
    }

    [Fact]
    public void A_read_only_folder_is_one_clear_line()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not bind this user.");
#pragma warning disable CA1416 // Skipped above.
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
#pragma warning restore CA1416

        Should.Throw<DataFolderException>(() => FolderClaim.Claim(Folder)).Message.ShouldContain("cannot be written to");
    }
}
