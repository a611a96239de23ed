namespace IssueObservatory.Mesh.Sandbox;

/// <summary>Replies that wait for their request. Each request takes the first waiting reply that is for it; when none
/// is left, the sandbox answers normally. Authentication and the daily limit come before the script, the rest after.</summary>
public sealed class SandboxScript
{
    private readonly Lock gate = new();
    private readonly LinkedList<(Func<SandboxCall, bool> Match, SandboxReply Reply, string? Sequence)> waiting = [];

    /// <summary>Replies still waiting.</summary>
    public int Remaining
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>Adds replies for the requests that <paramref name="match"/> accepts, in this order.</summary>
    public void Enqueue(Func<SandboxCall, bool> match, params IReadOnlyList<SandboxReply> replies)
    {
        ArgumentNullException.ThrowIfNull(match);
        ArgumentNullException.ThrowIfNull(replies);
        Enqueue(match, replies, sequence: null);
    }

    /// <summary>Adds replies for the requests of this endpoint and these pages, in this order.</summary>
    public void Enqueue(SandboxMatch match, params IReadOnlyList<SandboxReply> replies)
    {
        ArgumentNullException.ThrowIfNull(match);
        Enqueue(match.Matches, replies);
    }

    /// <summary>Adds a reply that was read from JSON, as often as it says.</summary>
    public void Enqueue(SandboxScriptedReply entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Enqueue(entry.Match().Matches, [.. Enumerable.Repeat(entry.ToReply(), entry.Times)], entry.Sequence);
    }

    /// <summary>Forgets what waits.</summary>
    public void Clear()
    {
        lock (gate)
        {
            waiting.Clear();
        }
    }

    internal (SandboxReply? Reply, string? Sequence) Take(SandboxCall call)
    {
        lock (gate)
        {
            for (var node = waiting.First; node is not null; node = node.Next)
            {
                if (node.Value.Match(call))
                {
                    waiting.Remove(node);
                    return (node.Value.Reply, node.Value.Sequence);
                }
            }
        }

        return default;
    }

    private void Enqueue(Func<SandboxCall, bool> match, IReadOnlyList<SandboxReply> replies, string? sequence)
    {
        lock (gate)
        {
            foreach (var reply in replies)
            {
                waiting.AddLast((match, reply, sequence));
            }
        }
    }
}
