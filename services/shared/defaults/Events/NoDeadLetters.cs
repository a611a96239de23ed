namespace IssueObservatory.Mesh.Defaults;

/// <summary>In memory nothing outlives the process, dead letters as little as events: their sources announce again what is unfinished.</summary>
internal sealed class NoDeadLetters : IDeadLetters
{
    public bool AreKept => false;

    public Task<(IReadOnlyList<DeadLetter> Letters, bool More)> ListAsync(string queue, int most, CancellationToken cancellationToken) =>
        Task.FromResult<(IReadOnlyList<DeadLetter>, bool)>(([], false));

    public Task<(int Replayed, int Left)> ReplayAsync(string queue, CancellationToken cancellationToken) => Task.FromResult((0, 0));
}
