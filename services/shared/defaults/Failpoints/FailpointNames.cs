using System.Reflection;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Every place at which a test may disturb a process. A name says which service, and what has just happened or is about to.</summary>
public static class FailpointNames
{
    /// <summary>A unit is granted; nothing is noted yet.</summary>
    public const string CollectorAfterReserve = "collector.after_reserve";

    /// <summary>The request is noted as on its way; the grant is not marked SENT.</summary>
    public const string CollectorAfterBegin = "collector.after_begin";

    /// <summary>The grant is marked SENT; nothing is sent.</summary>
    public const string CollectorAfterMark = "collector.after_mark";

    /// <summary>The answer is read; nobody knows.</summary>
    public const string CollectorAfterSend = "collector.after_send";

    /// <summary>The grant is settled; the page is not kept.</summary>
    public const string CollectorAfterSettle = "collector.after_settle";

    /// <summary>The page's bytes are written; nothing refers to them.</summary>
    public const string CollectorAfterBody = "collector.after_body";

    /// <summary>The page is kept and its search moved; PageStored is not published.</summary>
    public const string CollectorAfterKeep = "collector.after_keep";

    /// <summary>PageStored is published; the collections are not looked at.</summary>
    public const string CollectorAfterPublish = "collector.after_publish";

    /// <summary>A page is normalised; the collector is about to note it.</summary>
    public const string CollectorBeforeNormalized = "collector.before_normalized";

    /// <summary>It is noted that a page is normalised; the collections are not looked at.</summary>
    public const string CollectorAfterNormalized = "collector.after_normalized";

    /// <summary>RefreshAnswered is published; that is not noted.</summary>
    public const string CollectorAfterRefreshPublished = "collector.after_refresh_published";

    /// <summary>An event has come; its handler has not begun.</summary>
    public const string EventReceived = "event.received";

    /// <summary>The handler of an event has ended well; the broker does not know.</summary>
    public const string EventHandled = "event.handled";

    /// <summary>A page is read and understood; nothing of it is kept.</summary>
    public const string NormalizerAfterRead = "normalizer.after_read";

    /// <summary>The records are kept; PageNormalized is not published.</summary>
    public const string NormalizerAfterKeep = "normalizer.after_keep";

    /// <summary>PageNormalized is published; the event that asked for it is not done.</summary>
    public const string NormalizerAfterPublish = "normalizer.after_publish";

    /// <summary>TikTok is about to be asked for a token.</summary>
    public const string BrokerBeforeAsk = "broker.before_ask";

    /// <summary>TikTok gave a token; it is not saved.</summary>
    public const string BrokerAfterAnswer = "broker.after_answer";

    /// <summary>The token is saved; nobody has it.</summary>
    public const string BrokerAfterSave = "broker.after_save";

    /// <summary>A credential is noted as rejected; CredentialRejected is not published.</summary>
    public const string BrokerAfterRejection = "broker.after_rejection";

    /// <summary>A unit is asked for; nothing is decided.</summary>
    public const string GovernorBeforeReserve = "governor.before_reserve";

    /// <summary>The decision on a unit is durable; who asked does not know it.</summary>
    public const string GovernorAfterReserve = "governor.after_reserve";

    /// <summary>An outcome has come; it is not in the journal.</summary>
    public const string GovernorBeforeSettle = "governor.before_settle";

    /// <summary>An outcome is in the journal; who told it does not know.</summary>
    public const string GovernorAfterSettle = "governor.after_settle";

    /// <summary>QuotaReset is published; that is not noted.</summary>
    public const string GovernorAfterResetPublished = "governor.after_reset_published";

    /// <summary>A batch is opened; the collector does not have it.</summary>
    public const string SchedulerAfterOpen = "scheduler.after_open";

    /// <summary>The collector has a batch; that is not noted.</summary>
    public const string SchedulerAfterHandOver = "scheduler.after_hand_over";

    /// <summary>A batch has its answer; it is about to be closed.</summary>
    public const string SchedulerBeforeClose = "scheduler.before_close";

    /// <summary>A batch is closed; the event that closed it is not done.</summary>
    public const string SchedulerAfterClose = "scheduler.after_close";

    /// <summary>Videos of a page are on the schedule; the event that put them there is not done.</summary>
    public const string SchedulerAfterSchedule = "scheduler.after_schedule";

    /// <summary>A change of several documents is prepared; nothing is decided.</summary>
    public const string StoreBeforeCommit = "store.before_commit";

    /// <summary>A change of several documents is decided; none is changed.</summary>
    public const string StoreAfterCommit = "store.after_commit";

    /// <summary>Some documents of a decided change are changed.</summary>
    public const string StoreHalfApplied = "store.half_applied";

    /// <summary>All documents of a decided change are changed; that is not noted.</summary>
    public const string StoreBeforeClear = "store.before_clear";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(FailpointNames).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
    ];
}
