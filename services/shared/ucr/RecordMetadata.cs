namespace IssueObservatory.Mesh.Ucr;

/// <summary>The record's <c>raw_metadata</c>: TikTok's values as sent, then our notes.</summary>
public sealed record RecordMetadata
{
    /// <summary>Country of the creator's account, in the case that TikTok sent.</summary>
    public string? RegionCode { get; init; }

    /// <summary>Hashtags without <c>#</c>, in TikTok's order; null when TikTok sent no list.</summary>
    public IReadOnlyList<string>? HashtagNames { get; init; }

    /// <summary>Decimal text.</summary>
    public string? MusicId { get; init; }

    /// <summary>As sent.</summary>
    public IReadOnlyList<string>? EffectIds { get; init; }

    /// <summary>Decimal text.</summary>
    public string? PlaylistId { get; init; }

    /// <summary>Transcript; mentions are replaced as in the text.</summary>
    public string? VoiceToText { get; init; }

    /// <summary>True when the video came from random samples only.</summary>
    public bool IsRandom { get; init; }

    /// <summary>TikTok's search_ids that returned the video: a set, sorted.</summary>
    public IReadOnlyList<string> SearchIds { get; init; } = [];

    /// <summary>When a refresh last read the counts, UTC; null before the first.</summary>
    public DateTimeOffset? EngagementRefreshedAt { get; init; }

    /// <summary>Whether the counts were read at an age of 10 days or more: TikTok's counts lag up to 10 days.</summary>
    public bool EngagementFinal { get; init; }

    /// <summary>Which salt and scheme made the pseudonym.</summary>
    public string? PseudonymKeyId { get; init; }

    /// <summary>Names of fields that are null because the reader may not see them.</summary>
    public IReadOnlyList<string> Withheld { get; init; } = [];

    /// <summary>What a reader must know before trusting a value.</summary>
    public IReadOnlyList<string> Caveats { get; init; } = [];

    /// <summary>Probability of <see cref="UniversalContentRecord.Language"/>; null when undetermined.</summary>
    public double? LanguageProbability { get; init; }

    /// <summary>True when a merged search returned the video and our own reading finds none of its clauses in it.</summary>
    public bool Unattributed { get; init; }

    /// <summary>What a comment answers; null for videos.</summary>
    public CommentParents? Parents { get; init; }

    /// <summary>Why the author's handle is shown; null when it is a pseudonym.</summary>
    public string? BypassReason { get; init; }
}

/// <summary>What a comment answers.</summary>
/// <param name="PostId">The video, decimal text; null when TikTok did not say.</param>
/// <param name="CommentId">The comment, decimal text; null for a comment on the video itself.</param>
public sealed record CommentParents(string? PostId, string? CommentId);
