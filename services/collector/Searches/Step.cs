using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What follows from an outcome.</summary>
internal abstract record Step
{
    private Step()
    {
    }

    /// <summary>What the answer says of its class; null when nothing that anybody needs.</summary>
    public BlackoutNews? News { get; init; }

    /// <summary>The search goes on from here, perhaps later.</summary>
    public sealed record GoOn(Checkpoint Next) : Step;

    /// <summary>No request more for this search.</summary>
    /// <param name="Covered">Days that were read to the end; null when none.</param>
    /// <param name="Missing">Days that stay a gap; null when none.</param>
    /// <param name="Successors">Searches that take over what is left.</param>
    public sealed record Finished(Days? Covered, MissingDays? Missing, IReadOnlyList<Search> Successors) : Step
    {
        /// <summary>Covered days up to this one may lack videos; null when there is no doubt.</summary>
        public DateOnly? DoubtfulTo { get; init; }

        /// <summary>A later page never came, however often it was asked for.</summary>
        public bool IsLost { get; init; }

        /// <summary>Days that are known to be dark, each stretch with its evidence.</summary>
        public IReadOnlyList<DarkDays> Dark { get; init; } = [];
    }

    /// <summary>No request more for this list.</summary>
    /// <param name="Result">What came of it.</param>
    /// <param name="Reason">Why it was refused or failed; empty when it was read.</param>
    /// <param name="Items">Items that it brought, each once.</param>
    /// <param name="IsCut">TikTok has more of it and shows no more.</param>
    public sealed record ListEnded(ListResult Result, string Reason, long Items, bool IsCut) : Step;

    /// <summary>Collections that wait for this search fail until somebody mends the cause; the search can go on from here then.</summary>
    public sealed record Stopped(string Failure, Checkpoint Next) : Step;
}

/// <summary>Days that a search did not bring.</summary>
/// <param name="Days">Which.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">TikTok's code when it refused the request, e.g. <c>invalid_params</c>; otherwise empty.</param>
/// <param name="RetryAt">When asking again may help; null: whenever somebody asks.</param>
internal sealed record MissingDays(Days Days, GapReason Reason, string Detail, DateTimeOffset? RetryAt);

/// <summary>Days that stay a gap because TikTok does not answer for them.</summary>
/// <param name="Days">Which.</param>
/// <param name="Light">Whether they were tested or jumped over.</param>
/// <param name="LogId">TikTok's `log_id` of an answer that says so.</param>
internal sealed record DarkDays(Days Days, DayLight Light, string LogId)
{
    public static DarkDays Of(KnownDay known) => new(new(known.Day, known.Day), known.Light, known.LogIds.Count > 0 ? known.LogIds[0] : "");

    /// <summary>What is known of blackouts says when to ask again, so the gap itself does not.</summary>
    public MissingDays Missing => new(Days, Light is DayLight.Bad ? GapReason.Blackout : GapReason.BlackoutSuspect, "", DateTimeOffset.UnixEpoch);
}
