using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class SpecReaderTests
{
    private const string InDenmark = """{"operation":"IN","field_name":"region_code","field_values":["DK"]}""";

    [Fact]
    public void What_is_left_out_is_filled_in()
    {
        var read = Read(new() { Terms = { "#dkpol" } });

        read.Spec.Regions.ShouldBe(["DK"]);
        read.Spec.Tier.ShouldBe("free");
        read.Spec.Priority.ShouldBe(Priority.Interactive);
        read.Spec.Match.ShouldBe(TermMatch.Keyword);
        DaysOf.Of(read.Spec.Days).ShouldBe(Days("2026-02-28", "2026-03-29"));
        read.Asked.ShouldHaveSingleItem().Term.ShouldBe("#dkpol");
    }

    [Fact]
    public void Reading_what_was_read_changes_nothing()
    {
        foreach (var spec in new CollectionSpec[]
        {
            new() { Terms = { "#dkpol", "folketinget", "\"two words\"" }, Regions = { "SE", "DK" }, Fields = { "id", "view_count" } },
            new() { Terms = { "word" }, Match = TermMatch.Both, Regions = { "*" } },
            new() { Actors = { "@ft", "https://www.tiktok.com/@dr" } },
            new() { Videos = { "7345557461438385450" } },
            new() { Terms = { "#dkpol" }, Sample = 50 },
            new() { Terms = { "#dkpol" }, Standing = true, UnitsPerDay = 3 },
        })
        {
            var once = Read(spec);
            var twice = Read(once.Spec);

            twice.Spec.ShouldBe(once.Spec);
            twice.Asked.Select(asked => asked.Clause).ShouldBe(once.Asked.Select(asked => asked.Clause));
        }
    }

    [Fact]
    public void A_standing_spec_has_a_first_day_and_no_last_one()
    {
        var read = Read(new() { Actors = { "ft" }, Days = new() { From = "2026-02-01" }, Standing = true });

        read.Spec.Days.ShouldBe(new DayRange { From = "2026-02-01" });
        read.Asked.ShouldHaveSingleItem().Days.ShouldBe(new DaysOf(new(2026, 2, 1), StandingDays.NoEnd));
        Read(new() { Terms = { "#dkpol" }, Standing = true }).Spec.Days.From.ShouldBe("2026-02-28");
    }

    [Fact]
    public void What_cannot_be_standing_is_refused_all_at_once()
    {
        Refused(new() { Terms = { "#dkpol" }, Days = new() { From = "2026-02-01", To = "2026-02-28" }, Standing = true, Sample = 5, UnitsPerDay = -1 }).ShouldBe(["spec.units_per_day", "spec.standing", "spec.days.to"]);
        Refused(new() { Videos = { "7345557461438385450" }, Standing = true }).ShouldContain("spec.standing");
        Refused(new() { List = ApiEndpoint.Followers, Subjects = { "ft" }, Standing = true }).ShouldContain("spec.standing");
        Refused(new() { QueryJson = """{"query":{"and":[{"operation":"EQ","field_name":"keyword","field_values":["x"]}]},"start_date":"20260101","end_date":"20260131"}""", Standing = true }).ShouldContain("spec.standing");

        static IEnumerable<string> Refused(CollectionSpec spec) => Should.Throw<MeshException>(() => Read(spec)).Violations.Select(violation => violation.Field);
    }

    [Fact]
    public void The_given_spec_is_left_alone()
    {
        var given = new CollectionSpec { Terms = { "#dkpol" } };
        Read(given);

        given.ShouldBe(new CollectionSpec { Terms = { "#dkpol" } });
    }

    [Fact]
    public void Actors_bring_their_profiles_once_unless_they_are_not_wanted()
    {
        Read(new() { Actors = { "@ft", "ft", "DR" } }).Lists.ShouldBe([ListKey.Profile("ft"), ListKey.Profile("dr")]);
        Read(new() { Actors = { "ft" }, WithoutProfiles = true }).Lists.ShouldBeEmpty();
        Read(new() { Terms = { "ft" } }).Lists.ShouldBeEmpty();
    }

    [Fact]
    public void A_video_is_looked_for_around_the_day_that_its_id_tells()
    {
        var asked = Read(new() { Videos = { "7345557461438385450" } }).Asked.ShouldHaveSingleItem();

        asked.Days.ShouldBe(Days("2024-03-11", "2024-03-13"));
    }

    [Fact]
    public void A_query_brings_its_own_days_unless_others_are_given()
    {
        const string Query = """{"query":{"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]}]},"start_date":"20260105","end_date":"20260107"}""";

        Read(new() { QueryJson = Query }).Asked.ShouldHaveSingleItem().Days.ShouldBe(Days("2026-01-05", "2026-01-07"));
        Read(new() { QueryJson = Query, Days = new() { From = "2026-02-01", To = "2026-02-02" } }).Asked.ShouldHaveSingleItem().Days.ShouldBe(Days("2026-02-01", "2026-02-02"));
    }

    [Fact]
    public void A_query_is_named_by_its_regions_and_two_that_look_alike_by_their_ids()
    {
        var one = Named($$"""{"and":[{{InDenmark}}]}""");
        var other = Named($$"""{"and":[{{InDenmark}},{"operation":"EQ","field_name":"keyword","field_values":["valg"]}]}""");

        one.Input.ShouldBe($"query of DK ({one.Clause.ClauseId[..12]})");
        other.Input.ShouldBe($"query of DK ({other.Clause.ClauseId[..12]})");
        other.Input.ShouldNotBe(one.Input);
        Named("""{"and":[{"operation":"EQ","field_name":"keyword","field_values":["valg"]}]}""").Input.ShouldStartWith("query of all regions (");

        static AskedClause Named(string query) => Read(new() { QueryJson = query }).Asked.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("start_date", "20260328", "2026-03-28..2026-03-29")]
    [InlineData("end_date", "20260131", "2026-01-02..2026-01-31")]
    public void A_query_with_one_of_its_days_gets_the_other_as_usual(string name, string day, string expected)
    {
        var days = Read(new() { QueryJson = $$"""{"query":{"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]}]},"{{name}}":"{{day}}"}""" }).Asked.ShouldHaveSingleItem().Days;

        $"{DaysOf.Text(days.From)}..{DaysOf.Text(days.To)}".ShouldBe(expected);
    }

    [Theory]
    [InlineData("dates reversed", "spec.days.from", "days.from 2026-02-01 lies after the last day, 2026-01-01")]
    [InlineData("date too early", "spec.days.from", "days.from 2016-08-31")]
    [InlineData("date in the future", "spec.days.to", "days.to 2026-04-02")]
    [InlineData("no date", "spec.days.from", "days.from 'soon'")]
    [InlineData("empty term", "spec.terms[1]", "TERM")]
    [InlineData("long term", "spec.terms[0]", "TERM")]
    [InlineData("lone #", "spec.terms[0]", "TERM '#'")]
    [InlineData("unknown region", "spec.regions", "regions")]
    [InlineData("unknown field", "spec.fields", "fields: 'name' unknown")]
    [InlineData("broken query", "spec.query_json", "query")]
    [InlineData("query with a cursor", "spec.query_json", "cursor")]
    [InlineData("query in the future", "spec.query_json", "end_date 2026-05-01")]
    [InlineData("query of two regions at once", "spec.query_json", "query.and[1] asks for SE where the conditions before it leave only DK")]
    [InlineData("query that excludes its region", "spec.query_json", "query.not excludes every region that is asked for: DK")]
    [InlineData("query of a region in small letters", "spec.query_json", "write it in capitals: DK")]
    [InlineData("query with regions", "spec.regions", "regions")]
    [InlineData("bad name", "spec.actors[0]", "NAME")]
    [InlineData("bad video", "spec.videos[0]", "ID")]
    [InlineData("video of no time", "spec.videos[0]", "give `days`")]
    [InlineData("nothing", "spec", "terms, actors, videos")]
    [InlineData("two kinds", "spec", "exactly one")]
    [InlineData("three kinds", "spec", "exactly one")]
    [InlineData("results", "spec.max_results", "max_results")]
    [InlineData("sample", "spec.sample", "sample")]
    [InlineData("sample of videos", "spec.sample", "by id")]
    [InlineData("sample and results", "spec.sample", "`max_results`")]
    [InlineData("units", "spec.max_units", "max_units")]
    [InlineData("tier", "spec.tier", "tier")]
    [InlineData("labels", "spec.labels", "labels")]
    [InlineData("many terms", "spec.terms", "terms")]
    public void Bad_input_is_one_line_that_names_the_argument(string what, string field, string names)
    {
        var refused = Should.Throw<MeshException>(() => Read(Bad(what)), what);

        refused.Reason.ShouldBe(ErrorReason.BadInput);
        var violation = refused.Violations.First(violation => violation.Field == field);
        violation.Description.ShouldContain(names);
        refused.Message.ShouldNotContain("\n");
        refused.Message.ShouldNotContain("--", customMessage: "options are the command's; whoever calls over gRPC has fields");
    }

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once()
    {
        var refused = Should.Throw<MeshException>(() => Read(new() { Terms = { "#", "" }, Regions = { "XX" }, Fields = { "name" }, MaxUnits = -1 }));

        refused.Violations.Select(violation => violation.Field).ShouldBe(["spec.terms[0]", "spec.terms[1]", "spec.regions", "spec.fields", "spec.max_units"], ignoreOrder: true);
    }

    [Fact]
    public void Two_bad_days_are_both_named()
    {
        var refused = Should.Throw<MeshException>(() => Read(Terms("a", "soon", "2026-04-31")));

        refused.Violations.Select(violation => violation.Field).ShouldBe(["spec.days.from", "spec.days.to"]);
        refused.Message.ShouldBe("days.from 'soon' is not a date; write YYYY-MM-DD, e.g. 2026-01-31; days.to '2026-04-31' is not a date; write YYYY-MM-DD, e.g. 2026-01-31");
    }

    [Theory]
    [InlineData("medium")]
    [InlineData("premium")]
    public void A_tier_that_is_not_served_says_why(string tier)
    {
        var refused = Should.Throw<MeshException>(() => Read(new() { Terms = { "a" }, Tier = tier }));

        refused.Reason.ShouldBe(ErrorReason.TierUnavailable);
        refused.Message.ShouldStartWith($"tier {tier} ");
        refused.Message.ShouldContain("free");
    }

    [Fact]
    public void No_spec_at_all_is_bad_input() => Should.Throw<MeshException>(() => Read(null)).Reason.ShouldBe(ErrorReason.BadInput);

    private static CollectionSpec Bad(string what) => what switch
    {
        "dates reversed" => Terms("a", "2026-02-01", "2026-01-01"),
        "date too early" => Terms("a", "2016-08-31", "2016-09-02"),
        "date in the future" => Terms("a", "2026-03-01", "2026-04-02"),
        "no date" => Terms("a", "soon", "2026-04-01"),
        "empty term" => new() { Terms = { "a", " " } },
        "long term" => new() { Terms = { new string('a', 201) } },
        "lone #" => new() { Terms = { "#" } },
        "unknown region" => new() { Terms = { "a" }, Regions = { "UK" } },
        "unknown field" => new() { Terms = { "a" }, Fields = { "name" } },
        "broken query" => new() { QueryJson = """{"query":{"xor":[]}}""" },
        "query with a cursor" => new() { QueryJson = """{"query":{"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]}]},"cursor":100}""" },
        "query in the future" => new() { QueryJson = """{"query":{"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]}]},"start_date":"20260401","end_date":"20260501"}""" },
        "query of two regions at once" => new() { QueryJson = $$"""{"and":[{{InDenmark}},{"operation":"IN","field_name":"region_code","field_values":["SE"]}]}""" },
        "query that excludes its region" => new() { QueryJson = $$"""{"and":[{{InDenmark}}],"not":[{{InDenmark}}]}""" },
        "query of a region in small letters" => new() { QueryJson = $$"""{"and":[{{InDenmark}}],"not":[{"operation":"IN","field_name":"region_code","field_values":["dk"]}]}""" },
        "query with regions" => new() { QueryJson = """{"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]}]}""", Regions = { "DK" } },
        "bad name" => new() { Actors = { "two words" } },
        "bad video" => new() { Videos = { "abc" } },
        "video of no time" => new() { Videos = { "12" } },
        "nothing" => new(),
        "two kinds" => new() { Terms = { "a" }, Actors = { "b" } },
        "three kinds" => new() { Terms = { "a" }, Actors = { "b" }, Videos = { "7345557461438385450" } },
        "results" => new() { Terms = { "a" }, MaxResults = -1 },
        "sample" => new() { Terms = { "a" }, Sample = -1 },
        "sample of videos" => new() { Videos = { "7345557461438385450" }, Sample = 5 },
        "sample and results" => new() { Terms = { "a" }, Sample = 5, MaxResults = 5 },
        "units" => new() { Terms = { "a" }, MaxUnits = -1 },
        "tier" => new() { Terms = { "a" }, Tier = "gold" },
        "labels" => new() { Terms = { "a" }, Labels = { ["k"] = new string('v', 65) } },
        "many terms" => new() { Terms = { Enumerable.Repeat("a", 1001) } },
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "unknown case"),
    };

    private static CollectionSpec Terms(string term, string from, string to) => new() { Terms = { term }, Days = new() { From = from, To = to } };

    private static ReadSpec Read(CollectionSpec? spec) => SpecReader.Read(spec, Now, Options);
}
