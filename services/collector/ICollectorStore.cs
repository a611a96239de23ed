using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Collections, searches, raw pages and coverage of every lab. An implementation MUST make each call atomic and durable before it returns
/// (nothing half done after a crash), MUST keep labs apart, and MUST be safe for several processes: of two calls that cannot both hold, one wins.
/// </summary>
internal interface ICollectorStore
{
    /// <summary>
    /// Keeps a new collection with its plan, or finds the one with this request_id. <paramref name="plan"/> is asked once, with the state that
    /// holds at that moment; no other plan of the lab may come between. What it is expected to cost is kept with the collection.
    /// </summary>
    Task<Submitted> SubmitAsync(CollectionRecord collection, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, Func<PlanningState, Plan> plan, CancellationToken cancellationToken);

    /// <summary>
    /// Applies a change as <see cref="ChangeAsync"/> does and, when the collection is active then, plans again: joins open searches, makes the missing
    /// ones. One atomic step, so that nobody ends the collection in between, and no request begins for a search that a new one takes the place of. Gaps stay known until a search has covered their days.
    /// Returns what is stored then, null when there is none.
    /// </summary>
    Task<CollectionRecord?> ContinueAsync(
        string labId,
        string collectionId,
        Func<CollectionRecord, CollectionRecord?> change,
        Func<CollectionRecord, IReadOnlyList<AskedClause>, IReadOnlyList<ListKey>, PlanningState, Plan> plan,
        CancellationToken cancellationToken);

    /// <summary>
    /// The same for several collections at once, so that their clauses share searches: applies the change to each, and makes one plan for those that it did not
    /// leave as they are and that are active then. A search serves those of them that ask for something in it. Returns them as they are stored then.
    /// </summary>
    Task<IReadOnlyList<CollectionRecord>> PlanTogetherAsync(
        string labId,
        IReadOnlyList<string> collectionIds,
        Func<CollectionRecord, CollectionRecord?> change,
        Func<IReadOnlyList<AskingCollection>, PlanningState, Plan> plan,
        CancellationToken cancellationToken);

    /// <summary>Standing collections of every lab to which days are to be added by now; only active ones.</summary>
    Task<IReadOnlyList<CollectionRecord>> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>What a plan for these clauses and lists would be made from now; for estimates.</summary>
    Task<PlanningState> ReadPlanningStateAsync(string labId, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, CancellationToken cancellationToken);

    /// <summary>What was counted of these clauses on these days, and what the lab knows of merging their classes.</summary>
    Task<History> ReadHistoryAsync(string labId, IReadOnlyList<AskedClause> asked, CancellationToken cancellationToken);

    /// <summary>The collection, or null.</summary>
    Task<CollectionRecord?> FindAsync(string labId, string collectionId, CancellationToken cancellationToken);

    /// <summary>The lab's collections, newest first, after <paramref name="afterCollectionId"/> when it is not empty.</summary>
    Task<IReadOnlyList<CollectionRecord>> ListAsync(string labId, string afterCollectionId, int limit, CancellationToken cancellationToken);

    /// <summary>Applies a change to what is stored at that moment and counts the sequence up; null: leave it. Returns what is stored then, null when there is none.</summary>
    Task<CollectionRecord?> ChangeAsync(string labId, string collectionId, Func<CollectionRecord, CollectionRecord?> change, CancellationToken cancellationToken);

    /// <summary>The collection with everything that its state follows from, on one snapshot; null when there is none.</summary>
    Task<CollectionFacts?> ReadFactsAsync(string labId, string collectionId, CancellationToken cancellationToken);

    /// <summary>
    /// The first searches of each lab, budget and caller (and the first refreshes) that serve an active collection or a refresh (one of <paramref name="awake"/>, when it is not null), in the order
    /// in which they should be walked: those that may send at <paramref name="now"/> first, then by priority, begun ones first, then oldest first.
    /// A collection with a limit of results counts only once all its pages are records: before, nobody knows whether it has enough.
    /// One that rests until later has no say.
    /// Searches that wait for an exploration of their class are left out as long as it is fresh; the one that tests for it, or could, comes first.
    /// Each with the collections that may pay for it, oldest first, and once for each caller that waits for it: of each caller, kind and budget up to
    /// <paramref name="limit"/>, so that nobody's work hides another's.
    /// </summary>
    Task<IReadOnlyList<OpenSearch>> ListOpenAsync(IReadOnlyCollection<string>? awake, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Journals that this search's next request is about to be sent with a grant, and counts it for the collection that pays
    /// (the oldest active one with units left, in all and on the day of <paramref name="now"/>). MUST refuse (false) when the checkpoint moved, when another request is in flight, when a later process has
    /// taken the name of <paramref name="holder"/>, or when no collection has units left: those have then reached their limit.
    /// </summary>
    Task<bool> BeginRequestAsync(OpenSearch open, string grantId, Holder holder, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Takes back a request that certainly was never sent, and keeps its grant if that is untold; the search waits until <paramref name="notBefore"/>. Nothing happens when it is not in flight any more.</summary>
    Task AbandonRequestAsync(OpenSearch open, DateTimeOffset notBefore, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a page and only then what follows from it: the checkpoint, the end of the search, its successors, gaps, what a list came to, what it says of
    /// blackouts. One atomic step.
    /// The same page (search, cursor, attempt) twice changes nothing; a page whose request was given up meanwhile is kept and moves nothing.
    /// </summary>
    Task<IReadOnlyList<string>> KeepPageAsync(OpenSearch open, RawPage page, Outcome outcome, Step step, CancellationToken cancellationToken);

    /// <summary>
    /// Does what follows from what is known, without a request. False, and nothing happens, when the search has moved since it was listed or when somebody
    /// else has moved the exploration that it was to carry on.
    /// </summary>
    Task<bool> TurnAsync(OpenSearch open, Turn turn, CancellationToken cancellationToken);

    /// <summary>What is known of a class, by every lab: which lab found it out is not part of it.</summary>
    Task<ClassBlackouts> ReadBlackoutsAsync(ClauseClass clauseClass, CancellationToken cancellationToken);

    /// <summary>Answers to the lab's requests that TikTok should hear of and that came at this time or later, in the order in which they came. Pages of older versions have none.</summary>
    Task<IReadOnlyList<Incident>> ListIncidentsAsync(string labId, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Keeps a note; of two with the same note_id the first one stays. Returns the one that is kept.</summary>
    Task<SupportNoteRecord> AddSupportNoteAsync(string labId, SupportNoteRecord note, CancellationToken cancellationToken);

    /// <summary>The lab's notes in the order in which they were added.</summary>
    Task<IReadOnlyList<SupportNoteRecord>> ListSupportNotesAsync(string labId, CancellationToken cancellationToken);

    /// <summary>Whether TikTok answers at all, as the whole mesh knows it: one for every lab.</summary>
    Task<Outage> ReadOutageAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Applies a change to what is known at that moment; null or the same: leave it. It may be asked several times, and the last answer counts. Returns what is
    /// known then, and whether it was changed. MUST be one step for every process and lab: of two that take the same turn, one does.
    /// </summary>
    Task<(Outage Known, bool IsChanged)> ChangeOutageAsync(Func<Outage, Outage?> change, CancellationToken cancellationToken);

    /// <summary>What each caller of the lab has got of late.</summary>
    Task<LabTurns> ReadTurnsAsync(string labId, CancellationToken cancellationToken);

    /// <summary>Applies a change to what is known at that moment; it may be asked several times, and the last answer counts. MUST be one step for every process: no part that another one adds is lost.</summary>
    Task ChangeTurnsAsync(string labId, Func<LabTurns, LabTurns> change, CancellationToken cancellationToken);

    /// <summary>What the lab has learnt of merging a class; written with the pages that teach it.</summary>
    Task<MergeKnowledge> ReadMergingAsync(string labId, ClauseClass clauseClass, CancellationToken cancellationToken);

    /// <summary>
    /// Requests that were begun and have no page yet, each with who holds it: when that process is gone, their grants' outcome is unknown.
    /// And searches with a grant whose outcome the governor has not been told (<see cref="Checkpoint.Untold"/>).
    /// </summary>
    Task<IReadOnlyList<OpenSearch>> ListInFlightAsync(CancellationToken cancellationToken);

    /// <summary>Journals that the request in flight has an unknown outcome, so that it may be sent again. Nothing happens when it is not in flight any more.</summary>
    Task ForgetRequestAsync(OpenSearch open, CancellationToken cancellationToken);

    /// <summary>Journals that the governor knows what became of the untold grant. Nothing happens when it is another one by now.</summary>
    Task NoteToldAsync(OpenSearch open, CancellationToken cancellationToken);

    /// <summary>A process begins to collect under a name: it gets the next epoch, and whoever had the name before no longer counts.</summary>
    Task<Holder> RegisterAsync(string instance, CancellationToken cancellationToken);

    /// <summary>
    /// The process lives. MUST be durable like every other write, so that it shows whether the store takes pages now, and MUST fail while there is no
    /// room for the largest page. False when a later process has taken the name.
    /// </summary>
    Task<bool> BeatAsync(Holder holder, CancellationToken cancellationToken);

    /// <summary>Every name that ever collected, with the process that counts for it.</summary>
    Task<IReadOnlyList<Heartbeat>> ListHeartbeatsAsync(CancellationToken cancellationToken);

    /// <summary>A page with its search, or null.</summary>
    Task<PageInContext?> FindPageAsync(string labId, string pageId, CancellationToken cancellationToken);

    /// <summary>Ids of the videos (of a list: what tells its items apart) in the pages that this search has kept.</summary>
    Task<IReadOnlyList<string>> ListVideoIdsAsync(string labId, string searchId, CancellationToken cancellationToken);

    /// <summary>The pages that this search has kept, in the order of storing: their ids.</summary>
    Task<IReadOnlyList<string>> ListPageIdsAsync(string labId, string searchId, CancellationToken cancellationToken);

    /// <summary>Pages without their bodies in the order of storing, after <paramref name="afterSequence"/>; all labs when <paramref name="labId"/> is empty.</summary>
    Task<IReadOnlyList<RawPage>> ListPagesAsync(string labId, bool onlyUnanswered, long afterSequence, int limit, CancellationToken cancellationToken);

    /// <summary>How many pages of a collection (of the lab when empty) the normalizer has not answered for.</summary>
    Task<long> CountUnansweredAsync(string labId, string collectionId, CancellationToken cancellationToken);

    /// <summary>
    /// The normalizer has answered. When that was the last page of a finished search, its days become covered in the same step.
    /// A second answer changes nothing. Returns the collections that it concerns.
    /// </summary>
    Task<IReadOnlyList<string>> MarkNormalizedAsync(string labId, string pageId, PageCounts counts, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps a refresh as a search; the same refresh_id twice is one.</summary>
    Task SubmitRefreshAsync(Search search, CancellationToken cancellationToken);

    /// <summary>Searches of refreshes of which all have ended, those that have not been announced.</summary>
    Task<IReadOnlyList<EndedRefresh>> ListEndedRefreshesAsync(CancellationToken cancellationToken);

    /// <summary>The end of this refresh has been announced.</summary>
    Task MarkAnnouncedAsync(string labId, string searchId, CancellationToken cancellationToken);

    /// <summary>Collections that ended without days that TikTok did not answer for and may get them yet, in every lab.</summary>
    Task<IReadOnlyList<CollectionRecord>> ListAwaitingLightAsync(CancellationToken cancellationToken);

    /// <summary>Collections that have not ended, in every lab; those that wait for somebody too.</summary>
    Task<IReadOnlyList<CollectionRecord>> ListUnfinishedAsync(CancellationToken cancellationToken);
}

/// <summary>A collection and what it asks for now.</summary>
internal sealed record AskingCollection(CollectionRecord Collection, IReadOnlyList<AskedClause> Asked);

/// <summary>A collection as it is kept, and whether it was there before.</summary>
internal sealed record Submitted(CollectionRecord Collection, bool Existed);

/// <summary>A search that is not finished, where it stands, the active collections that may pay for it, and who has or had its last request (null before the first).</summary>
internal sealed record OpenSearch(Search Search, Checkpoint Checkpoint, IReadOnlyList<string> Collections, Holder? Holder = null)
{
    /// <summary>In whose turn it stands; empty when nobody's in particular.</summary>
    public string Caller { get; init; } = "";
}

/// <summary>A search of a refresh that has ended, with every other of it.</summary>
/// <param name="Search">The search.</param>
/// <param name="Answered">Whether TikTok answered it to its end, or others took over.</param>
/// <param name="Covered">Days that it has read to their end; null when none.</param>
/// <param name="ReadAt">When the last page of the refresh was fetched.</param>
/// <param name="Returned">What all searches of the refresh returned.</param>
/// <param name="Failure">Why this one was not answered; may be empty.</param>
internal sealed record EndedRefresh(Search Search, bool Answered, Days? Covered, DateTimeOffset ReadAt, IReadOnlyList<string> Returned, string Failure);
