using Shouldly;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Waiting for a condition, with a deadline.</summary>
internal static class Wait
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !await condition(); await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System))
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(Longest);
        }
    }
}
