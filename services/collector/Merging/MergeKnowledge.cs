using System.Text.Json.Serialization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a lab has learnt of merging a class, from its own pages. Kept, so that no plan repeats what was refused.</summary>
internal sealed record MergeKnowledge
{
    /// <summary>Videos of one-keyword searches that must have been compared before keywords share a search.</summary>
    public const long ProvingVideos = 200;

    /// <summary>Keywords that they must have come for.</summary>
    public const int ProvingWords = 3;

    /// <summary>Windows for which an account was not answered that say that it will not be for others.</summary>
    private const int WindowsThatTell = 2;

    /// <summary>Share of videos that the local match may miss.</summary>
    public const double ToleratedShare = 0.005;

    public static readonly MergeKnowledge Nothing = new();

    /// <summary>The most clauses that TikTok has taken in one search; 0: none yet.</summary>
    public int Accepted { get; init; }

    /// <summary>The fewest that it has refused for their number; 0: none yet.</summary>
    public int Refused { get; init; }

    /// <summary>The longest window that is sent, in days, since a longer one was refused and its parts were not; 0: none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LongestWindow { get; init; }

    /// <summary>Searches that were refused and halved; what becomes of the halves says whether it was their number.</summary>
    public IReadOnlyList<HalvedSearch> Halved { get; init; } = [];

    /// <summary>Videos of one-keyword searches in which we find the keyword as well.</summary>
    public long Agreed { get; init; }

    /// <summary>Videos in which we do not.</summary>
    public long Missed { get; init; }

    /// <summary>The keywords compared: ids of their clauses, as many as the proof needs.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Videos that merged searches brought.</summary>
    public long Merged { get; init; }

    /// <summary>Those of them in which we find none of the terms.</summary>
    public long Unattributed { get; init; }

    /// <summary>What its full pages held.</summary>
    public PageYield Yield { get; init; } = PageYield.Nothing;

    /// <summary>Accounts that TikTok never answers for: they run alone. Newest last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<SinkingClause> Sinking { get; init; } = [];

    /// <summary>When the local match was last to be checked (<see cref="TwinChecks"/>); null: never.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>What the last check found that was answered; null: there was none.</summary>
    public TwinResult? Checked { get; init; }

    /// <summary>Whether TikTok finds other videos for a term than we do.</summary>
    [JsonIgnore]
    public bool Differs => Checked is { Differences: > 0 };

    /// <summary>Whether so many videos lack a term that somebody should look.</summary>
    public bool IsUnsure => Merged >= ProvingVideos && Unattributed > Merged * ToleratedShare;

    /// <summary>Whether clauses of a class may share a search. What is known of keywords counts at once, in either direction.</summary>
    public bool MayMerge(ClauseClass clauseClass) =>
        clauseClass is not ClauseClass.Keyword
        || (Agreed + Missed >= ProvingVideos && Words.Count >= ProvingWords && Missed < (Agreed + Missed) * ToleratedShare && !IsUnsure);

    /// <summary>Whether the one clause of a search was found to sink others.</summary>
    public bool Sinks(Search search) => Find(search) is not null;

    /// <summary>Whether it has sunk so many that no unit is spent on it before a later day.</summary>
    public bool Rests(Search search, DateTimeOffset now) => Find(search) is { Windows: >= WindowsThatTell } sinking && now < sinking.Until;

    private SinkingClause? Find(Search search) => Sinking.Count > 0 && search.Questions is [var only] ? Sinking.FirstOrDefault(each => each.ClauseId == only.ClauseId) : null;

    /// <summary>How many days the next search may have.</summary>
    public int WindowDays(CollectorOptions options) => LongestWindow == 0 ? options.WindowDays : Math.Min(LongestWindow, options.WindowDays);

    /// <summary>
    /// How many clauses the next search may merge: all that the setting allows until that was refused for its number, then half-way between what TikTok took and
    /// what it refused, never the refused number again.
    /// </summary>
    public int Most(ClauseClass clauseClass, CollectorOptions options)
    {
        var most = clauseClass is ClauseClass.Id ? options.MaxIds : options.MaxMergedClauses;
        if (!MayMerge(clauseClass))
        {
            return 1;
        }

        if (Refused == 0 || Refused > most)
        {
            return most;
        }

        var taken = Math.Clamp(Accepted, 1, Math.Max(1, Refused - 1));
        return Refused - taken <= 1 ? taken : (taken + Refused) / 2;
    }
}

/// <summary>A merged search that was refused.</summary>
/// <param name="SearchId">Which.</param>
/// <param name="Clauses">How many clauses it had.</param>
/// <param name="Passed">Those of its halves that TikTok has answered.</param>
internal sealed record HalvedSearch(string SearchId, int Clauses, IReadOnlyList<string> Passed);

/// <summary>A clause that gets a 500 where others are answered.</summary>
/// <param name="ClauseId">Which.</param>
/// <param name="Windows">How many windows it has failed for.</param>
/// <param name="Until">When it is worth asking again.</param>
internal sealed record SinkingClause(string ClauseId, int Windows, DateTimeOffset Until);
