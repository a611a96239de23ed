namespace IssueObservatory.Mesh.Bench;

/// <summary>Measures ours and the bare thing in turns, so that whatever else the machine does meets both.</summary>
internal static class Race
{
    private const int WarmUps = 2;

    /// <summary>A line of the report.</summary>
    /// <param name="what">What is measured.</param>
    /// <param name="unit">What the rates count.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="ours">One round of ours; gives its rate a second.</param>
    /// <param name="bare">One round of the bare thing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Line> RunAsync(
        string what, string unit, int rounds, Func<CancellationToken, Task<double>> ours, Func<CancellationToken, Task<double>> bare, CancellationToken cancellationToken)
    {
        for (var i = 0; i < WarmUps; i++)
        {
            await RunAsync(ours, cancellationToken);
            await RunAsync(bare, cancellationToken);
        }

        List<double> oursRates = [], bareRates = [];
        for (var round = 0; round < rounds; round++)
        {
            // Who begins changes each round: what drifts evenly cancels out.
            if (round % 2 == 1)
            {
                oursRates.Add(await RunAsync(ours, cancellationToken));
            }

            bareRates.Add(await RunAsync(bare, cancellationToken));
            if (round % 2 == 0)
            {
                oursRates.Add(await RunAsync(ours, cancellationToken));
            }
        }

        return new()
        {
            What = what,
            Unit = unit,
            Ours = Median.Of(oursRates),
            Bare = Median.Of(bareRates),
            Ratios = [.. oursRates.Zip(bareRates, (one, other) => one / other).Order()],
        };
    }

    /// <summary>Units a second of a piece of work.</summary>
    public static async Task<double> RateAsync(int units, Func<Task> work)
    {
        var start = TimeProvider.System.GetTimestamp();
        await work();
        return units / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static Task<double> RunAsync(Func<CancellationToken, Task<double>> round, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // Nobody pays for the garbage of the other.
        GC.Collect();
        return round(cancellationToken);
    }
}
