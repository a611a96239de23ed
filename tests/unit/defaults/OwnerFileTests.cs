using IssueObservatory.Mesh.Defaults;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Defaults;

public sealed class OwnerFileTests
{
    [Fact]
    public void Of_many_makers_at_once_one_wins_and_all_find_its_file()
    {
        using var folder = new TemporaryFolder();
        for (var round = 0; round < 50; round++)
        {
            var path = folder.PathOf($"{round}");
            var made = 0;
            var found = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).WithExecutionMode(ParallelExecutionMode.ForceParallelism).Select(maker =>
            {
                OwnerFile.MakeOnce(path, () => [(byte)Interlocked.Increment(ref made), (byte)maker]);
                return Convert.ToHexString(File.ReadAllBytes(path));
            }).ToList();
            found.Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
            made.ShouldBe(1);
        }

        Directory.GetFiles(folder.Path).Length.ShouldBe(50);
    }

    [Fact]
    public void What_a_killed_maker_left_keeps_nobody_from_making_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("key");
        File.WriteAllText(path + ".lock", "");
        File.WriteAllText(path + OwnerFile.Unfinished, "half");
        OwnerFile.MakeOnce(path, () => "whole"u8.ToArray());
        File.ReadAllText(path).ShouldBe("whole");
        Directory.GetFiles(folder.Path).ShouldBe([path]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void A_maker_that_fails_leaves_nothing_and_the_next_makes_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("key");
        Should.Throw<InvalidOperationException>(() => OwnerFile.MakeOnce(path, () => throw new InvalidOperationException()));
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
        OwnerFile.MakeOnce(path, () => [1]);
        File.ReadAllBytes(path).ShouldBe([1]);
    }
}
