using System.CommandLine;
using System.Globalization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>What a collection can be told, for <c>collect</c> and <c>estimate</c>. Only the form is looked at here; the mesh judges the rest.</summary>
internal sealed class CollectionArguments
{
    /// <summary>A day is whole on the third day after it: its last video, too, is two days old then.</summary>
    internal const int RipeAfterDays = 3;

    private const int DefaultDays = 30;

    private readonly Option<DateOnly?> from = OptionOf.Day("--from", "First UTC day (default: 30 days before the last)");
    private readonly Option<DateOnly?> to = OptionOf.Day("--to", "Last UTC day, included (default: the last that is ripe: it ended 2 days ago)");
    private readonly Option<string[]> regions = OptionOf.List("--region", "DK,SE", "Regions as TikTok knows them; * for all (default: DK for terms, all for the rest)");
    private readonly Option<string[]> languages = OptionOf.List("--language", "da,en", "Only these languages, and records whose language is undetermined");
    private readonly Option<string[]> fields = OptionOf.List("--fields", "LIST", "Video fields to ask for (default: all)");
    private readonly Option<long> maxResults = OptionOf.Whole("--max-results", "At most this many records", 1, long.MaxValue);
    private readonly Option<long> maxUnits = OptionOf.Whole("--max-units", "At most this many requests", 1, long.MaxValue);
    private readonly Option<long> unitsPerDay = OptionOf.Whole("--units-per-day", "At most this many requests a UTC day; what is left goes on the next day", 1, long.MaxValue);
    private readonly Option<bool> follow = new("--follow") { Description = "No last day: read each day once it is old enough to be found, for months, until it is cancelled" };
    private readonly Option<long> sample = OptionOf.Whole("--sample", "Draw at most this many records at random, spread over the days, instead of reading all; a sample is never complete", 1, long.MaxValue);
    private readonly Option<string?> match = OptionOf.Word("--match", "How a bare word is matched (default keyword)", "hashtag", "keyword", "both");
    private readonly Option<string?> priority = OptionOf.Word("--priority", "Who goes first (default interactive)", "interactive", "backfill");
    private readonly Option<string?> tier = new("--tier") { HelpName = "free", Description = "Tier of access (default free)" };
    private readonly Option<bool> noProfiles = new("--no-profiles") { Description = "Do not read the profile of each actor (one request each)" };
    private readonly Option<string[]> publicFigures = OptionOf.List("--public-figures", "NAMES", "User names that are shown instead of pseudonyms");
    private readonly Option<string?> queryDesign = new("--query-design-id") { HelpName = "ID", Description = "Kept with the records: the observatory's query design" };
    private readonly Option<string?> collectionRun = new("--collection-run-id") { HelpName = "ID", Description = "Kept with the records: the observatory's collection run" };
    private readonly Option<string?> of = new("--of") { HelpName = "COLLECTION" };
    private readonly Option<string[]> labels = LabelOptions.Create("Words of your own, kept with the collection; may be repeated");

    private readonly Argument<string[]> inputs;
    private readonly CollectionKind kind;

    private CollectionArguments(CollectionKind kind)
    {
        this.kind = kind;
        of.Description = kind.Of();
        inputs = new(kind.ArgumentName()) { Arity = kind.Of() is null ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore, Description = kind.Describe(), CustomParser = result => [.. result.Tokens.Select(token => token.Value)] };
    }

    /// <summary>Adds the arguments of one kind of collection to a command.</summary>
    public static CollectionArguments AddTo(Command command, CollectionKind kind)
    {
        var arguments = new CollectionArguments(kind);
        command.Arguments.Add(arguments.inputs);
        foreach (var option in arguments.OptionsOf())
        {
            command.Options.Add(option);
        }

        if (kind is CollectionKind.Terms or CollectionKind.Actors or CollectionKind.Query)
        {
            command.Options.Add(arguments.sample);
            command.Options.Add(arguments.follow);
        }

        if (kind is CollectionKind.Terms)
        {
            command.Options.Add(arguments.match);
        }

        if (kind is CollectionKind.Actors)
        {
            command.Options.Add(arguments.noProfiles);
        }

        return arguments;
    }

    /// <summary>A list is read whole and as it is now: it has neither days nor regions, and what makes documents has no records to count.</summary>
    private IEnumerable<Option> OptionsOf()
    {
        Option[] ofDays = [from, to, regions, languages, fields];
        Option[] ofRecords = [maxResults, publicFigures];
        Option[] ofAll = [maxUnits, unitsPerDay, priority, tier, queryDesign, collectionRun, labels];
        return [.. kind.List() is ApiEndpoint.Unspecified ? ofDays : [], .. kind.MakesRecords() ? ofRecords : [], .. ofAll, .. kind.Of() is null ? [] : (Option[])[of]];
    }

    /// <summary>What is asked.</summary>
    public CollectionSpec Read(ParseResult parsed, DateTimeOffset now)
    {
        var standing = parsed.GetValue(follow);
        if (standing && parsed.GetResult(to) is not null)
        {
            throw CommandRefusedException.BadInput("--to cannot be used with --follow, which has no last day; `mesh update` can give it one later");
        }

        var spec = new CollectionSpec
        {
            Standing = standing,
            UnitsPerDay = parsed.GetValue(unitsPerDay),
            Regions = { parsed.GetValue(regions) ?? [] },
            Languages = { parsed.GetValue(languages) ?? [] },
            Fields = { parsed.GetValue(fields) ?? [] },
            PublicFigureIds = { parsed.GetValue(publicFigures) ?? [] },
            MaxResults = parsed.GetValue(maxResults),
            MaxUnits = parsed.GetValue(maxUnits),
            List = kind.List(),
            OfCollectionId = parsed.GetValue(of) ?? "",
            Sample = parsed.GetValue(sample),
            Priority = parsed.GetValue(priority) switch { "interactive" => Priority.Interactive, "backfill" => Priority.Backfill, _ => Priority.Unspecified },
            Tier = parsed.GetValue(tier) ?? "",
            QueryDesignId = parsed.GetValue(queryDesign) ?? "",
            CollectionRunId = parsed.GetValue(collectionRun) ?? "",
            Days = standing ? FirstDay(parsed.GetValue(from)) : Days(parsed.GetValue(from), parsed.GetValue(to), DateOnly.FromDateTime(now.UtcDateTime)),
        };
        LabelOptions.Read(parsed.GetValue(labels), spec);

        // An arity of exactly one does not go together with a list.
        var given = parsed.GetValue(inputs) ?? [];
        if (kind.Of() is not null && given.Length > 0 == spec.OfCollectionId.Length > 0)
        {
            throw CommandRefusedException.BadInput($"{kind.ArgumentName()} {(given.Length > 0 ? "cannot be used together with --of" : "is missing")}; allowed is either {kind.ArgumentName()}… or --of COLLECTION");
        }

        if (kind is CollectionKind.Query && given.Length > 1)
        {
            throw CommandRefusedException.BadInput($"FILE was given {given.Length.ToString(CultureInfo.InvariantCulture)} times; allowed is one file");
        }

        switch (kind)
        {
            case CollectionKind.Terms:
                spec.Terms.Add(given);
                spec.Match = TermOptions.MatchOf(parsed.GetValue(match));
                break;
            case CollectionKind.Actors:
                spec.Actors.Add(given);
                spec.WithoutProfiles = parsed.GetValue(noProfiles);
                break;
            case CollectionKind.Videos:
                spec.Videos.Add(given);
                break;
            case CollectionKind.Query:
                spec.QueryJson = QueryFiles.Read(given[0]);
                break;
            default:
                spec.Subjects.Add(given);
                break;
        }

        return spec;
    }

    /// <summary>The days; one end alone is completed with the default of the other.</summary>
    internal static DayRange? Days(DateOnly? from, DateOnly? to, DateOnly today)
    {
        if (from is null && to is null)
        {
            return null;
        }

        var ripe = today.AddDays(-RipeAfterDays);
        var last = to ?? (from > ripe ? from.Value : ripe);
        var first = from ?? last.AddDays(1 - DefaultDays);
        return new() { From = Text(first), To = Text(last) };
    }

    private static DayRange? FirstDay(DateOnly? from) => from is { } first ? new() { From = Text(first) } : null;

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
