namespace IssueObservatory.Mesh.Defaults;

/// <summary>Waiting for a time of day that survives a laptop's sleep and a clock that is set.</summary>
public static class Waiting
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(2);

    /// <summary>Completes once the clock shows <paramref name="time"/>; looks at the clock at least every two seconds.</summary>
    public static async Task UntilAsync(this TimeProvider clock, DateTimeOffset time, CancellationToken cancellationToken)
    {
        for (var left = time - clock.GetUtcNow(); left > TimeSpan.Zero; left = time - clock.GetUtcNow())
        {
            await Task.Delay(left < LongestStep ? left : LongestStep, clock, cancellationToken);
        }
    }
}
