namespace IssueObservatory.Mesh.Collector;

/// <summary>What a collection may spend on one UTC day: pure.</summary>
internal static class DailyUnits
{
    /// <summary>What it has paid for today.</summary>
    public static long SpentToday(CollectionRecord collection, DateTimeOffset now) => collection.SpentOn == Days.DayOf(now) ? collection.SpentThen : 0;

    /// <summary>Whether it pays for nothing more today.</summary>
    public static bool Rests(CollectionRecord collection, DateTimeOffset now) => collection.RestsUntil > now;

    /// <summary>It pays for one more. With its last unit of the day it rests until the next.</summary>
    public static CollectionRecord Pay(CollectionRecord collection, DateTimeOffset now) =>
        Resting(collection with { Sent = collection.Sent + 1, SpentOn = Days.DayOf(now), SpentThen = SpentToday(collection, now) + 1 }, now);

    /// <summary>It gets one back that was not sent. A day that is over pays for nothing any more, and the day after has paid for its own.</summary>
    /// <param name="collection">Which.</param>
    /// <param name="paidOn">The day that paid; null: unknown, from before it was taken down.</param>
    public static CollectionRecord GiveBack(CollectionRecord collection, DateOnly? paidOn) =>
        paidOn is null || paidOn == collection.SpentOn
            ? collection with { Sent = collection.Sent - 1, SpentThen = Math.Max(0, collection.SpentThen - 1), RestsUntil = null }
            : collection with { Sent = collection.Sent - 1 };

    /// <summary>Whether it rests follows from what it may spend and has spent.</summary>
    public static CollectionRecord Resting(CollectionRecord collection, DateTimeOffset now) => collection with
    {
        RestsUntil = collection.UnitsPerDay > 0 && SpentToday(collection, now) >= collection.UnitsPerDay ? new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero) : null,
    };
}
