using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Budgets, lines of the journal and days as documents, and back.</summary>
internal static class MongoQuotaMapping
{
    /// <summary>The <c>_id</c> of a line of the journal.</summary>
    public static string LineId(string labId, string grantId) => MongoKey.Of(labId, grantId);

    /// <summary>The <c>_id</c> of a day.</summary>
    public static string DayId(QuotaKey key, DateOnly day) => MongoKey.Of(key.LabId, key.Account, Number((int)key.Bucket), UtcDay.Text(day));

    /// <summary>The fields of a lab's document besides its <c>_id</c>.</summary>
    public static BsonDocument Write(LabBudgets lab) => new()
    {
        ["version"] = lab.Version,
        ["budgets"] = new BsonArray(lab.Budgets.Select(Write)),
        ["refresh"] = lab.Refresh is { } demand ? Write(demand) : BsonNull.Value,
    };

    /// <summary>A lab's document.</summary>
    public static LabBudgets ReadLab(BsonDocument document)
    {
        var labId = document["_id"].AsString;
        return new(labId, document["version"].AsInt64, [.. document["budgets"].AsBsonArray.Select(budget => ReadBudget(labId, budget.AsBsonDocument))])
        {
            Refresh = document.GetValue("refresh", BsonNull.Value) is BsonDocument demand ? ReadRefresh(demand) : null,
        };
    }

    /// <summary>A line of the journal as a document of its own.</summary>
    public static BsonDocument WriteLine(Stamped<QuotaGrant> grant) => new BsonDocument { ["_id"] = LineId(grant.Value.Key.LabId, grant.Value.GrantId) }
        .AddRange(Write(grant.Value.Key)).AddRange(Write(grant));

    /// <summary>Reverse of <see cref="WriteLine"/>.</summary>
    public static QuotaGrant ReadLine(BsonDocument document) => ReadGrant(ReadKey(document), document).Value;

    /// <summary>A day as a document of its own.</summary>
    public static BsonDocument WriteDay(QuotaKey key, Stamped<DayUse> day) => new BsonDocument { ["_id"] = DayId(key, day.Value.Day) }
        .AddRange(Write(key)).AddRange(Write(day));

    /// <summary>A day, from either kind of document.</summary>
    public static Stamped<DayUse> ReadDay(BsonDocument document) => new(
        new(UtcDay.Parse(document["day"].AsString), document["used"].AsInt64, document["interactive_used"].AsInt64, document["spent"].AsBoolean)
        {
            RefreshUsed = document.GetValue("refresh_used", 0L).AsInt64,
            Hours = DayUse.ReadHours(document.GetValue("interactive_hours", "").AsString),
            Callers = DayUse.ReadCallers(document.GetValue("callers", "").AsString),
        },
        document["v"].AsInt64);

    private static BsonDocument Write(RefreshDemand demand) => new()
    {
        ["told_at"] = Time(demand.At),
        ["due"] = demand.DueText(),
        ["days"] = demand.DaysText(),
        ["served"] = demand.Served,
    };

    private static RefreshDemand ReadRefresh(BsonDocument document) => new()
    {
        At = ReadTime(document["told_at"])!.Value,
        Due = RefreshDemand.ReadDue(document["due"].AsString),
        Days = RefreshDemand.ReadDays(document["days"].AsString),
        Served = document["served"].AsInt64,
    };

    private static BsonDocument Write(QuotaKey key) => new() { ["lab_id"] = key.LabId, ["account"] = key.Account, ["bucket"] = (int)key.Bucket };

    private static QuotaKey ReadKey(BsonDocument document) => new(document["lab_id"].AsString, document["account"].AsString, (QuotaBucket)document["bucket"].AsInt32);

    private static BsonDocument Write(LabBudget budget) => new()
    {
        ["account"] = budget.Key.Account,
        ["bucket"] = (int)budget.Key.Bucket,
        ["epoch"] = budget.Course.Epoch,
        ["rate"] = budget.Course.Pace.RequestsPerSecond,
        ["paused_until"] = Time(budget.Course.Pace.PausedUntil),
        ["refusals"] = budget.Course.Pace.Refusals,
        ["last_grant_at"] = Time(budget.Course.LastGrantAt),
        ["last_background_at"] = Time(budget.Course.LastBackgroundAt),
        ["announced_day"] = UtcDay.Text(budget.AnnouncedDay),
        ["sequence"] = budget.Sequence,
        ["policy"] = budget.Policy is { } policy ? policy.Write() : BsonNull.Value,
        ["days"] = new BsonArray(budget.Days.Select(Write)),
        ["grants"] = new BsonArray(budget.Grants.Select(Write)),
    };

    private static LabBudget ReadBudget(string labId, BsonDocument document)
    {
        var key = new QuotaKey(labId, document["account"].AsString, (QuotaBucket)document["bucket"].AsInt32);
        return new()
        {
            Key = key,
            Course = new(
                document["epoch"].AsInt64,
                new(document["rate"].AsDouble, ReadTime(document["paused_until"]), document["refusals"].AsInt32),
                ReadTime(document["last_grant_at"]),
                ReadTime(document["last_background_at"])),
            AnnouncedDay = UtcDay.Parse(document["announced_day"].AsString),
            Sequence = document["sequence"].AsInt64,
            Policy = document.GetValue("policy", BsonNull.Value) is BsonString policy ? BudgetPolicy.Read(policy.AsString) : null,
            Days = [.. document["days"].AsBsonArray.Select(day => ReadDay(day.AsBsonDocument))],
            Grants = [.. document["grants"].AsBsonArray.Select(grant => ReadGrant(key, grant.AsBsonDocument))],
        };
    }

    private static BsonDocument Write(Stamped<DayUse> day) => new()
    {
        ["day"] = UtcDay.Text(day.Value.Day),
        ["used"] = day.Value.Used,
        ["interactive_used"] = day.Value.InteractiveUsed,
        ["spent"] = day.Value.Spent,
        ["refresh_used"] = day.Value.RefreshUsed,
        ["interactive_hours"] = day.Value.HoursText(),
        ["callers"] = day.Value.CallersText(),
        ["v"] = day.Version,
    };

    private static BsonDocument Write(Stamped<QuotaGrant> grant) => new()
    {
        ["grant_id"] = grant.Value.GrantId,
        ["priority"] = (int)grant.Value.Priority,
        ["caller"] = grant.Value.Caller,
        ["wanted_hour"] = grant.Value.WantedHour is { } hour ? hour : BsonNull.Value,
        ["day"] = UtcDay.Text(grant.Value.Day),
        ["epoch"] = grant.Value.Epoch,
        ["granted_at"] = Time(grant.Value.GrantedAt),
        ["expires_at"] = Time(grant.Value.ExpiresAt),
        ["state"] = (int)grant.Value.State,
        ["charged"] = grant.Value.Charged,
        ["late"] = grant.Value.Late,
        ["sent_at"] = Time(grant.Value.SentAt),
        ["settled_at"] = Time(grant.Value.SettledAt),
        ["v"] = grant.Version,
    };

    private static Stamped<QuotaGrant> ReadGrant(QuotaKey key, BsonDocument document) => new(
        new()
        {
            Key = key,
            GrantId = document["grant_id"].AsString,
            Priority = (Priority)document["priority"].AsInt32,
            Day = UtcDay.Parse(document["day"].AsString),
            Epoch = document["epoch"].AsInt64,
            GrantedAt = ReadTime(document["granted_at"])!.Value,
            ExpiresAt = ReadTime(document["expires_at"])!.Value,
            State = (GrantState)document["state"].AsInt32,
            Charged = document["charged"].AsBoolean,
            Late = document["late"].AsBoolean,
            SentAt = ReadTime(document["sent_at"]),
            SettledAt = ReadTime(document["settled_at"]),
            Caller = document.GetValue("caller", "").AsString,
            WantedHour = document.GetValue("wanted_hour", BsonNull.Value) is BsonInt32 hour ? hour.Value : null,
        },
        document["v"].AsInt64);

    private static BsonValue Time(DateTimeOffset? time) => time is { } known ? new BsonDateTime(known.ToUnixTimeMilliseconds()) : BsonNull.Value;

    private static DateTimeOffset? ReadTime(BsonValue value) =>
        value.IsBsonNull ? null : DateTimeOffset.FromUnixTimeMilliseconds(value.AsBsonDateTime.MillisecondsSinceEpoch);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
