namespace IssueObservatory.Mesh.Defaults;

/// <summary>Events that no try could bring to their handlers, kept until somebody replays them.</summary>
internal interface IDeadLetters
{
    /// <summary>Whether this mesh keeps any; one in a single process announces events again instead.</summary>
    bool AreKept { get; }

    /// <summary>The first of them, and whether there are more. MUST leave them where they are.</summary>
    /// <param name="queue">Only those of this queue; empty means all.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MeshException">UNAVAILABLE: the broker cannot be reached.</exception>
    Task<(IReadOnlyList<DeadLetter> Letters, bool More)> ListAsync(string queue, int most, CancellationToken cancellationToken);

    /// <summary>Sends them back to where they came from. MUST NOT lose one: at worst it is there twice.</summary>
    /// <param name="queue">Only those of this queue; empty means all.</param>
    /// <param name="cancellationToken">Gives up; what was sent back stays sent back.</param>
    /// <returns>How many were sent back, and how many could not be because their queue does not exist.</returns>
    /// <exception cref="MeshException">UNAVAILABLE: the broker cannot be reached.</exception>
    Task<(int Replayed, int Left)> ReplayAsync(string queue, CancellationToken cancellationToken);
}

/// <summary>One event that could not be handled; never its content.</summary>
/// <param name="EventId">Its id, as it is logged.</param>
/// <param name="Queue">The queue in which it was.</param>
/// <param name="Reason">The kind of failure.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="DiedAt">When it was given up; null when the broker itself did so and does not say.</param>
internal sealed record DeadLetter(string EventId, string Queue, string Reason, int Tries, DateTimeOffset? DiedAt);
