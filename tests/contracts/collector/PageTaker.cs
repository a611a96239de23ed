using System.Globalization;
using IssueObservatory.Mesh.Collector;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>A process that takes pages as the runner does, dies at bad moments, comes back under its name, takes up what is lost, and sometimes wakes up late.</summary>
internal sealed class PageTaker(ICollectorStore store, string name, SentRequests sent, Random chance)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private Holder self = new(name, 0);

    public async Task RunAsync(int turns)
    {
        self = await store.RegisterAsync(name, None);
        for (var turn = 0; turn < turns; turn++)
        {
            if (chance.Next(8) == 0)
            {
                await TakeUpAsync();
            }

            var open = (await store.ListOpenAsync(awake: null, Now.AddYears(1), 10, None)).Where(each => each.Checkpoint.InFlightGrant.Length == 0).ToList();
            if (open.Count > 0)
            {
                await TakePageAsync(open[chance.Next(open.Count)], turn);
            }
        }
    }

    private async Task TakePageAsync(OpenSearch open, int turn)
    {
        var grant = string.Create(CultureInfo.InvariantCulture, $"{self.Instance}.{self.Epoch}.{turn}");
        if (!await store.BeginRequestAsync(open, grant, self, Now, None))
        {
            return;
        }

        sent.Add(open);
        var begun = open with { Checkpoint = open.Checkpoint with { InFlightGrant = grant } };
        var isGone = chance.Next(3) == 0;
        if (isGone)
        {
            // Dies, comes back, and takes up what it left, before its answer arrives all the same.
            self = await store.RegisterAsync(name, None);
            await TakeUpAsync();
        }

        var answer = Ok(more: true) with { Cursor = open.Checkpoint.Cursor + 100 };
        await store.KeepPageAsync(begun, Page(begun, answer, grant), answer, Walker.Decide(open.Search, open.Checkpoint, answer, Now, Options), None);
    }

    private async Task TakeUpAsync()
    {
        var current = (await store.ListHeartbeatsAsync(None)).ToDictionary(beat => beat.Holder.Instance, beat => beat.Holder.Epoch, StringComparer.Ordinal);
        foreach (var open in (await store.ListInFlightAsync(None)).Where(open => open.Holder!.Epoch < current[open.Holder.Instance]))
        {
            await store.ForgetRequestAsync(open, None);
        }
    }
}
