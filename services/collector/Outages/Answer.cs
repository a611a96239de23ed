using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What an answer says of TikTok as a whole.</summary>
internal enum Sign
{
    /// <summary>Nothing: a refusal, or a failure that was to be expected.</summary>
    None,

    /// <summary>It works.</summary>
    Works,

    /// <summary>It may not: a 500, garbage, silence.</summary>
    Fails,
}

/// <summary>One answer, as far as it says whether TikTok answers at all.</summary>
/// <param name="Sign">What it says.</param>
/// <param name="IsControl">Whether it was asked for something that is known to be good, to find that out; a witness that is answered says as much.</param>
/// <param name="Class">Of what was asked.</param>
/// <param name="Good">Days that answered; null when the answer shows nothing of the kind.</param>
internal sealed record Answer(Sign Sign, bool IsControl, ClauseClass Class, Days? Good)
{
    /// <summary>Whether it was about days that had failed before together with others: when they fail again, that is half as much of a sign.</summary>
    public bool IsRepeated { get; init; }

    public static Answer Of(Search search, Checkpoint checkpoint, Outcome outcome, Control? control, ClassBlackouts known)
    {
        var sign = SignOf(search, outcome, control is not null);
        var good = control?.Day is null && search is { Kind: SearchKind.Videos, Sample: 0, IsProbe: false } && checkpoint is { IsFirstPage: true, AsksWitness: false } ? search.Window : (Days?)null;
        var isControl = control is not null || (checkpoint.AsksWitness && sign is Sign.Works);
        return new(sign, isControl, search.Class, outcome.Class is ApiErrorClass.Ok && search.Class is not ClauseClass.List ? good : null)
        {
            IsRepeated = control is null && known.Exploration is { IsNarrowing: true } exploration && exploration.By == search.SearchId,
        };
    }

    private static Sign SignOf(Search search, Outcome outcome, bool isControl) => outcome.Class switch
    {
        ApiErrorClass.Ok => Sign.Works,
        ApiErrorClass.Internal or ApiErrorClass.Unreadable or ApiErrorClass.Timeout => (search.IsProbe || search.Twin is not null) && !isControl ? Sign.None : Sign.Fails,

        // Whoever says what is wrong with a question is there.
        ApiErrorClass.InvalidParams when isControl => Sign.Works,
        _ => Sign.None,
    };
}
