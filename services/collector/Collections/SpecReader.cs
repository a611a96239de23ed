using System.Globalization;
using System.Text;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a spec means: itself with everything filled in, its clauses, the lists to read (profiles of actors too).</summary>
internal sealed record ReadSpec(CollectionSpec Spec, IReadOnlyList<AskedClause> Asked, IReadOnlyList<ListKey> Lists)
{
    /// <summary>How long lists are, as far as records say.</summary>
    public IReadOnlyDictionary<ListKey, long> Items { get; init; } = new Dictionary<ListKey, long>();

    /// <summary>Which budget pays.</summary>
    public QuotaBucket Bucket => Spec.List.Bucket();
}

/// <summary>Reads a spec, or names everything that is wrong with it at once. Pure.</summary>
internal sealed partial class SpecReader(CollectionSpec given, IReadOnlyList<ListedSubject>? of, DateTimeOffset now, CollectorOptions options)
{
    private const string AnyRegion = "*";

    private readonly List<FieldViolation> violations = [];
    private readonly CollectionSpec spec = given.Clone();

    /// <param name="given">The spec.</param>
    /// <param name="now">The present.</param>
    /// <param name="options">Settings.</param>
    /// <param name="of">What the records of the collection that it names can be asked about; null when there is no such collection.</param>
    /// <exception cref="MeshException">BAD_INPUT with every violation, or TIER_UNAVAILABLE.</exception>
    public static ReadSpec Read(CollectionSpec? given, DateTimeOffset now, CollectorOptions options, IReadOnlyList<ListedSubject>? of = null) =>
        new SpecReader(given ?? new CollectionSpec(), of, now, options).Read();

    private ReadSpec Read()
    {
        CheckTier();
        CheckKind();
        CheckLimits();
        CheckStanding();
        if (IsList)
        {
            return ReadLists();
        }

        var days = ReadDays();
        var regions = ReadRegions();
        var fields = ReadFields();
        List<AskedClause> asked = [.. ReadTerms(days, regions, fields), .. ReadActors(days, regions, fields), .. ReadVideos(days, regions, fields), .. ReadQuery(ref days, fields)];
        if (violations.Count > 0)
        {
            throw MeshException.BadInput(violations);
        }

        spec.Days = asked.Select(clause => clause.Days).Aggregate((one, other) => one.Union(other)).ToRange();
        spec.Days.To = spec.Standing ? "" : spec.Days.To;
        spec.Regions.Clear();
        spec.Regions.Add(regions);
        spec.Fields.Clear();
        spec.Fields.Add(fields);
        spec.Match = spec.Match is TermMatch.Unspecified ? TermMatch.Keyword : spec.Match;
        FillIn();
        return new(spec, asked, spec.WithoutProfiles ? [] : [.. asked.Select(clause => clause.Clause.Username).Where(name => name.Length > 0).Select(ListKey.Profile).Distinct()]);
    }

    /// <summary>What every kind has.</summary>
    private void FillIn()
    {
        spec.Priority = spec.Priority is Priority.Unspecified ? Priority.Interactive : spec.Priority;
        spec.Tier = "free";
    }

    private Days? ReadDays()
    {
        if (spec.Days is null && spec is { Videos.Count: > 0, Terms.Count: 0, Actors.Count: 0, QueryJson.Length: 0 })
        {
            return null;
        }

        var read = DateRangeParser.Parse(Text(spec.Days?.From), spec.Standing ? null : Text(spec.Days?.To), now);
        if (read.IsValid)
        {
            return new(read.Range.From, spec.Standing ? StandingDays.NoEnd : read.Range.To);
        }

        foreach (var (path, message) in read.Violations)
        {
            Refuse($"spec.days.{path}", $"days.{path} {message}");
        }

        return new(Days.DayOf(now), Days.DayOf(now));

        static string? Text(string? day) => string.IsNullOrEmpty(day) ? null : day;
    }

    private IReadOnlyList<string> ReadRegions()
    {
        if (spec.Regions.Count == 0)
        {
            return spec.Terms.Count > 0 ? ["DK"] : [];
        }

        if (spec.QueryJson.Length > 0)
        {
            Refuse("spec.regions", "regions: a query brings its own regions; leave it out");
            return [];
        }

        if (spec.Regions is [AnyRegion])
        {
            return spec.Terms.Count > 0 ? [AnyRegion] : [];
        }

        var read = RegionParser.Parse(string.Join(',', spec.Regions));
        if (read.IsValid)
        {
            return [.. read.Value.Order(StringComparer.Ordinal)];
        }

        Refuse("spec.regions", read.Error);
        return [];
    }

    private IReadOnlyList<string> ReadFields()
    {
        if (spec.Fields.Count == 0)
        {
            return [];
        }

        var read = VideoFields.Parse(string.Join(',', spec.Fields));
        if (!read.IsValid)
        {
            Refuse("spec.fields", read.Error);
            return [];
        }

        IReadOnlyList<string> fields = [.. read.Value.Union(["id", "create_time"], StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return fields.Count == VideoFields.All.Count ? [] : fields;
    }

    private IEnumerable<AskedClause> ReadTerms(Days? days, IReadOnlyList<string> regions, IReadOnlyList<string> fields)
    {
        var match = spec.Match switch { TermMatch.Hashtag => MatchKind.Hashtag, TermMatch.Both => MatchKind.Both, _ => MatchKind.Keyword };
        for (var i = 0; i < spec.Terms.Count; i++)
        {
            var read = TermParser.Parse(spec.Terms[i], match);
            if (!read.IsValid)
            {
                Refuse($"spec.terms[{i}]", read.Error);
                continue;
            }

            foreach (var atoms in read.Value.Alternatives)
            {
                var clause = Clause(regions, fields);
                clause.Hashtags.Add(atoms.Where(atom => atom.Field is ConditionField.HashtagName).Select(atom => atom.Value));
                clause.Keywords.Add(atoms.Where(atom => atom.Field is ConditionField.Keyword).Select(atom => atom.Value));
                clause.Class = clause.Hashtags.Count > 0 ? ClauseClass.Hashtag : ClauseClass.Keyword;
                yield return new() { Clause = ClauseIds.Identify(clause), Term = read.Value.Text, Input = read.Value.Text, Days = days!.Value };
            }
        }
    }

    private IEnumerable<AskedClause> ReadActors(Days? days, IReadOnlyList<string> regions, IReadOnlyList<string> fields)
    {
        for (var i = 0; i < spec.Actors.Count; i++)
        {
            var read = ActorParser.Parse(spec.Actors[i]);
            if (!read.IsValid)
            {
                Refuse($"spec.actors[{i}]", read.Error);
                continue;
            }

            var clause = Clause(regions, fields);
            clause.Username = read.Value;
            clause.Class = ClauseClass.Username;
            yield return new() { Clause = ClauseIds.Identify(clause), Input = spec.Actors[i].Trim(), Days = days!.Value };
        }
    }

    private IEnumerable<AskedClause> ReadVideos(Days? days, IReadOnlyList<string> regions, IReadOnlyList<string> fields)
    {
        for (var i = 0; i < spec.Videos.Count; i++)
        {
            var read = VideoParser.Parse(spec.Videos[i]);
            if (!read.IsValid)
            {
                Refuse($"spec.videos[{i}]", read.Error);
                continue;
            }

            if ((days ?? UploadDays(read.Value)) is not { } window)
            {
                Refuse($"spec.videos[{i}]", $"ID '{read.Value}' does not tell when the video was uploaded; give `days`");
                continue;
            }

            var clause = Clause(regions, fields);
            clause.VideoId = read.Value;
            clause.Class = ClauseClass.Id;
            yield return new() { Clause = ClauseIds.Identify(clause), Input = spec.Videos[i].Trim(), Days = window };
        }
    }

    private IEnumerable<AskedClause> ReadQuery(ref Days? days, IReadOnlyList<string> fields)
    {
        if (spec.QueryJson.Length == 0)
        {
            return [];
        }

        var reading = QueryFileReader.Read(spec.QueryJson);
        if (!reading.IsValid)
        {
            foreach (var violation in reading.Violations)
            {
                RefuseQuery(violation);
            }

            return [];
        }

        var regions = QueryRegions.Of(reading.File.Query);
        if (regions.Contradiction is { } nowhere)
        {
            RefuseQuery(nowhere);
            return [];
        }

        if (spec.Days is null && (reading.File.StartDate ?? reading.File.EndDate) is not null)
        {
            var range = DateRangeParser.Parse(Text(reading.File.StartDate), Text(reading.File.EndDate), now);
            if (!range.IsValid)
            {
                foreach (var (path, message) in range.Violations)
                {
                    RefuseQuery(new(path is "to" ? "end_date" : "start_date", message));
                }

                return [];
            }

            if (spec.Standing)
            {
                Refuse("spec.standing", "standing cannot be used with a query that has dates of its own; leave its start_date and end_date out");
            }

            days = new(range.Range.From, range.Range.To);
        }

        var clause = Clause([], fields);
        clause.QueryJson = Encoding.UTF8.GetString(VideoQueryWriter.Write(reading.File.Query));
        clause.Class = ClauseClass.Query;
        clause = ClauseIds.Identify(clause);
        // A file has no words of its own: people know it by where it looks, and two that look alike by the id.
        return [new() { Clause = clause, Input = $"query of {regions} ({clause.ClauseId[..ShownId]})", Days = days!.Value }];

        static string? Text(DateOnly? day) => day is { } given ? Days.Text(given) : null;
    }

    /// <summary>An id's upper 32 bits are the upload second; a scheduled post may differ by a day.</summary>
    private Days? UploadDays(string videoId)
    {
        var second = long.Parse(videoId, CultureInfo.InvariantCulture) >> 32;
        var day = Days.DayOf(DateTimeOffset.FromUnixTimeSeconds(second));
        if (day < ApiDate.Earliest || day > Days.DayOf(now))
        {
            return null;
        }

        var ripe = Planner.LastRipe(now, options);
        var last = day.AddDays(1) < ripe ? day.AddDays(1) : day;
        return new(day.AddDays(-1) < ApiDate.Earliest ? day : day.AddDays(-1), last);
    }

    private Clause Clause(IReadOnlyList<string> regions, IReadOnlyList<string> fields)
    {
        var clause = new Clause { IsRandom = spec.Sample > 0 };
        clause.RegionCodes.Add(regions.Where(region => region != AnyRegion));
        clause.Fields.Add(fields);
        return clause;
    }

    private void RefuseQuery(Violation violation) => Refuse("spec.query_json", $"{violation.Path} {violation.Message}");

    private void Refuse(string field, string description) => violations.Add(new(field, description));
}
