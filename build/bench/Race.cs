namespace IssueObservatory.Mesh.Bench;

/// <summary>Measures ours and the bare thing in turns, so that whatever else the machine does meets both.</summary>
internal static class Race
{
    // Long enough for the runtime to have compiled everything for good.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>A line of the report.</summary>
    /// <param name="what">What is measured.</param>
    /// <param name="unit">What the rates count.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="ours">One round of ours; gives its rates.</param>
    /// <param name="bare">One round of the bare thing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Line> RunAsync(
        string what, string unit, int rounds, Func<CancellationToken, Task<Lap>> ours, Func<CancellationToken, Task<Lap>> bare, CancellationToken cancellationToken)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < WarmUp;)
        {
            await RunAsync(ours, cancellationToken);
            await RunAsync(bare, cancellationToken);
        }

        List<Lap> oursLaps = [], bareLaps = [];
        for (var round = 0; round < rounds; round++)
        {
            // Who begins changes each round: what drifts evenly cancels out.
            if (round % 2 == 1)
            {
                oursLaps.Add(await RunAsync(ours, cancellationToken));
            }

            bareLaps.Add(await RunAsync(bare, cancellationToken));
            if (round % 2 == 0)
            {
                oursLaps.Add(await RunAsync(ours, cancellationToken));
            }
        }

        return new()
        {
            What = what,
            Unit = unit,
            Ours = Median.Of(oursLaps.Select(lap => lap.Rate)),
            Bare = Median.Of(bareLaps.Select(lap => lap.Rate)),
            Ratios = [.. oursLaps.Zip(bareLaps, (one, other) => one.Rate / other.Rate).Order()],
            ProcessorRatio = Median.Of(oursLaps.Zip(bareLaps, (one, other) => one.ProcessorRate / other.ProcessorRate)),
            ProcessorMicroseconds = 1e6 / Median.Of(oursLaps.Select(lap => lap.ProcessorRate)),
        };
    }

    private static Task<Lap> RunAsync(Func<CancellationToken, Task<Lap>> round, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // Nobody pays for the garbage of the other.
        GC.Collect();
        return round(cancellationToken);
    }
}
