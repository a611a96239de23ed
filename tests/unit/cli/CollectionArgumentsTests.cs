using System.CommandLine;
using IssueObservatory.Mesh.Cli;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Cli;

public sealed class CollectionArgumentsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Follow_has_a_first_day_or_none_and_refuses_a_last_one()
    {
        Read(CollectionKind.Actors, "ft", "--follow", "--from", "2026-01-01", "--units-per-day", "3")
            .ShouldBe(new CollectionSpec { Actors = { "ft" }, Standing = true, UnitsPerDay = 3, Days = new() { From = "2026-01-01" } });
        Read(CollectionKind.Terms, "a", "--follow").Days.ShouldBeNull();
        Should.Throw<CommandRefusedException>(() => Read(CollectionKind.Terms, "a", "--follow", "--to", "2026-01-31")).Message.ShouldContain("--to cannot be used with --follow");
    }

    [Fact]
    public void Every_argument_reaches_the_request()
    {
        var spec = Read(
            CollectionKind.Terms,
            "#dkpol",
            "--region",
            "DK,SE",
            "folketinget",
            "--from",
            "2026-01-01",
            "--to",
            "2026-03-31",
            "--max-results",
            "500",
            "--max-units",
            "7",
            "--fields",
            "id, view_count",
            "--match",
            "both",
            "--tier",
            "free",
            "--priority",
            "backfill",
            "--language",
            "da",
            "--public-figures",
            "a,b",
            "--query-design-id",
            "q",
            "--collection-run-id",
            "r",
            "--label",
            "who=me",
            "--label",
            "why=x=y",
            "'\"two words\"'");

        spec.ShouldBe(new CollectionSpec
        {
            Terms = { "#dkpol", "folketinget", "'\"two words\"'" },
            Regions = { "DK", "SE" },
            Days = new() { From = "2026-01-01", To = "2026-03-31" },
            MaxResults = 500,
            MaxUnits = 7,
            Fields = { "id", "view_count" },
            Match = TermMatch.Both,
            Tier = "free",
            Priority = Priority.Backfill,
            Languages = { "da" },
            PublicFigureIds = { "a", "b" },
            QueryDesignId = "q",
            CollectionRunId = "r",
            Labels = { ["who"] = "me", ["why"] = "x=y" },
        });
    }

    [Fact]
    public void What_is_left_out_stays_left_out_so_that_the_mesh_fills_it_in() =>
        Read(CollectionKind.Terms, "a").ShouldBe(new CollectionSpec { Terms = { "a" } });

    [Fact]
    public void Actors_and_videos_have_their_own_fields()
    {
        Read(CollectionKind.Actors, "@one", "two", "--no-profiles").ShouldBe(new CollectionSpec { Actors = { "@one", "two" }, WithoutProfiles = true });
        Read(CollectionKind.Videos, "7000000000000000001").ShouldBe(new CollectionSpec { Videos = { "7000000000000000001" } });
    }

    [Fact]
    public void Lists_have_their_subjects_and_no_days()
    {
        Read(CollectionKind.Followers, "@one", "two", "--max-units", "5").ShouldBe(new CollectionSpec { List = ApiEndpoint.Followers, Subjects = { "@one", "two" }, MaxUnits = 5 });
        Read(CollectionKind.Comments, "7000000000000000001", "--max-results", "9").ShouldBe(new CollectionSpec { List = ApiEndpoint.Comments, Subjects = { "7000000000000000001" }, MaxResults = 9 });
        Read(CollectionKind.Users, "--of", "0190").ShouldBe(new CollectionSpec { List = ApiEndpoint.UserInfo, OfCollectionId = "0190" });
        foreach (var kind in Enum.GetValues<CollectionKind>().Where(kind => kind.List() is not ApiEndpoint.Unspecified))
        {
            CollectionKinds.KindOf(kind.List()).ShouldBe(kind);
            var command = new Command("collect");
            CollectionArguments.AddTo(command, kind);
            var options = command.Options.Select(option => option.Name).ToList();
            options.ShouldNotContain("--from");
            options.ShouldNotContain("--region");
            options.ShouldNotContain("--fields");
            options.Contains("--of").ShouldBe(kind is CollectionKind.Comments or CollectionKind.Users);
            options.Contains("--max-results").ShouldBe(kind is CollectionKind.Comments or CollectionKind.Replies or CollectionKind.Liked or CollectionKind.Pinned or CollectionKind.Reposted);
        }
    }

    [Theory]
    [InlineData("7", "--of", "c1")]
    [InlineData]
    public void Either_subjects_or_another_collection_are_given(params string[] args) =>
        Should.Throw<CommandRefusedException>(() => Read(CollectionKind.Comments, args)).Message.ShouldContain("allowed is either VIDEO_ID|URL… or --of COLLECTION");

    [Fact]
    public void An_empty_query_file_is_refused_by_its_name()
    {
        var file = Path.GetTempFileName();
        try
        {
            Should.Throw<CommandRefusedException>(() => Read(CollectionKind.Query, file)).Message.ShouldStartWith($"FILE '{file}' is empty");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_query_file_is_sent_as_it_is()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "{\"and\": [ ] }\n");

            Read(CollectionKind.Query, file).QueryJson.ShouldBe("{\"and\": [ ] }\n");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("2026-01-01", "2026-01-31", "2026-01-01", "2026-01-31")]
    [InlineData("2026-01-01", null, "2026-01-01", "2026-11-19")]
    [InlineData(null, "2026-01-31", "2026-01-02", "2026-01-31")]
    [InlineData("2026-11-21", null, "2026-11-21", "2026-11-21")]
    [InlineData("2026-03-01", "2026-01-31", "2026-03-01", "2026-01-31")]
    public void One_end_alone_is_completed_with_the_default_of_the_other(string? from, string? to, string? expectedFrom, string? expectedTo)
    {
        var days = CollectionArguments.Days(Day(from), Day(to), DateOnly.FromDateTime(Now.UtcDateTime));

        (days?.From, days?.To).ShouldBe((expectedFrom, expectedTo));
    }

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static CollectionSpec Read(CollectionKind kind, params string[] args)
    {
        var command = new Command("collect");
        var arguments = CollectionArguments.AddTo(command, kind);
        var parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        parsed.Errors.ShouldBeEmpty();
        return arguments.Read(parsed, Now);
    }
}
