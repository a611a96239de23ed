using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class InputTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 10, 23, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("#DKpol", "hashtag_name=dkpol")]
    [InlineData("folketinget", "keyword=folketinget")]
    [InlineData("Folketinget", "keyword=Folketinget")]
    [InlineData("#tag word", "hashtag_name=tag+keyword=word")]
    [InlineData("  word   #Økonomi ", "keyword=word+hashtag_name=økonomi")]
    [InlineData("\"two words\"", "keyword=two words")]
    [InlineData("“two words” #x", "keyword=two words+hashtag_name=x")]
    [InlineData("\"#dkpol\"", "keyword=#dkpol")]
    [InlineData("a a", "keyword=a")]
    public void Terms_mean_what_the_shorthand_says(string argument, string expected) => Show(TermParser.Parse(argument)).ShouldBe(expected);

    [Theory]
    [InlineData("word", MatchKind.Hashtag, "hashtag_name=word")]
    [InlineData("Word", MatchKind.Both, "keyword=Word | hashtag_name=word")]
    [InlineData("#tag word", MatchKind.Both, "hashtag_name=tag+keyword=word | hashtag_name=tag+hashtag_name=word")]
    [InlineData("\"two words\"", MatchKind.Hashtag, "keyword=two words")]
    [InlineData("#tag", MatchKind.Both, "hashtag_name=tag")]
    public void Match_widens_bare_words_only(string argument, MatchKind match, string expected) => Show(TermParser.Parse(argument, match)).ShouldBe(expected);

    [Theory]
    [InlineData("#DKpol", """{"and":[{"operation":"EQ","field_name":"hashtag_name","field_values":["dkpol"]}]}""")]
    [InlineData("valg", """{"and":[{"operation":"EQ","field_name":"keyword","field_values":["valg"]}]}""")]
    [InlineData("#tag word", """{"and":[{"operation":"EQ","field_name":"hashtag_name","field_values":["tag"]},{"operation":"EQ","field_name":"keyword","field_values":["word"]}]}""")]
    [InlineData("\"two words\"", """{"and":[{"operation":"EQ","field_name":"keyword","field_values":["two words"]}]}""")]
    public void A_term_is_printed_as_the_APIs_query(string term, string json) => QueryShorthand.Read(term).Value.ShouldHaveSingleItem().ToJson().ShouldBe(json);

    [Fact]
    public void The_star_for_every_region_is_no_code_among_others() =>
        RegionParser.Parse("DK,*").Error.ShouldBe("regions: '*': * stands alone, for every region");

    [Fact]
    public void A_word_that_may_be_either_is_one_query_and_two_are_four()
    {
        QueryShorthand.Read("valg", MatchKind.Both, "DK").Value.ShouldHaveSingleItem().ToJson().ShouldBe(
            """{"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]}],"or":[{"operation":"EQ","field_name":"keyword","field_values":["valg"]},{"operation":"EQ","field_name":"hashtag_name","field_values":["valg"]}]}""");

        var four = QueryShorthand.Read("valg ftvalg", MatchKind.Both, "DK", "SE").Value.ShouldNotBeNull();
        four.Select(query => query.And.Count).ShouldBe([3, 3, 3, 3]);
        four.SelectMany(query => VideoQueryValidator.Validate(query)).ShouldBeEmpty();
    }

    [Fact]
    public void A_bad_term_makes_no_query_and_says_why() => QueryShorthand.Read("two#tags").Error.ShouldNotBeNull().ShouldContain("# inside a word");

    [Fact]
    public void A_term_remembers_how_it_was_typed() => TermParser.Parse(" #DKpol Valg ").Value!.Text.ShouldBe("#DKpol Valg");

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("   ", "is empty")]
    [InlineData("#", "# alone")]
    [InlineData("word #", "# alone")]
    [InlineData("\"open", "not closed")]
    [InlineData("\"\"", "empty phrase")]
    [InlineData("half\"quote", "quote inside a word")]
    [InlineData("two#tags", "# inside a word")]
    [InlineData("##tag", "# inside a word")]
    [InlineData("a b c d e f g h i j k", "11 parts")]
    public void Bad_terms_are_refused_in_one_line_that_says_what_is_allowed(string argument, string why)
    {
        var error = TermParser.Parse(argument).Error.ShouldNotBeNull();
        error.ShouldStartWith("TERM '");
        error.ShouldContain(why);
        error.ShouldNotContain("\n");
    }

    [Fact]
    public void Terms_over_200_characters_and_too_many_either_words_are_refused()
    {
        TermParser.Parse(new string('å', 200)).IsValid.ShouldBeTrue();
        TermParser.Parse(new string('å', 201)).Error.ShouldNotBeNull().ShouldContain("201 characters");
        TermParser.Parse("a b c d", MatchKind.Both).Value!.Alternatives.Count.ShouldBe(16);
        TermParser.Parse("a b c d e", MatchKind.Both).IsValid.ShouldBeFalse();
        TermParser.Parse("line\nbreak\u0007").Error.ShouldNotBeNull().ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("dr.nyheder", "dr.nyheder")]
    [InlineData("@DRnyheder", "DRnyheder")]
    [InlineData("https://www.tiktok.com/@dr_nyheder", "dr_nyheder")]
    [InlineData("https://www.tiktok.com/@dr_nyheder/video/7345557461438385450?lang=da", "dr_nyheder")]
    [InlineData("http://m.tiktok.com/@dr", "dr")]
    [InlineData("www.tiktok.com/@dr?x=1", "dr")]
    [InlineData("tiktok.com/%40dr/", "dr")]
    public void Actors_are_names_or_addresses(string argument, string expected) => ActorParser.Parse(argument).Value.ShouldBe(expected);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("@", "empty")]
    [InlineData("to ord", "letters")]
    [InlineData("https://vm.tiktok.com/ZMabc/", "short link")]
    [InlineData("https://www.tiktok.com/t/ZTabc/", "short link")]
    [InlineData("https://m.tiktok.com/v/7345557461438385450.html", "no @name")]
    [InlineData("https://www.tiktok.com/tag/dkpol", "no @name")]
    [InlineData("https://evil.example/@dr", "not an address at tiktok.com")]
    [InlineData("https://tiktok.com.evil.example/@dr", "not an address at tiktok.com")]
    [InlineData("ftp://www.tiktok.com/@dr", "not a web address")]
    [InlineData("https://www.tiktok.com/@søren", "letters")]
    public void Other_actors_are_refused_with_the_reason(string argument, string why)
    {
        var error = ActorParser.Parse(argument).Error.ShouldNotBeNull();
        error.ShouldStartWith("NAME '");
        error.ShouldContain(why);
        error.ShouldContain("write name, @name or https://");
    }

    [Theory]
    [InlineData("7345557461438385450", "7345557461438385450")]
    [InlineData("https://www.tiktok.com/@dr/video/7345557461438385450?is_copy_url=1", "7345557461438385450")]
    [InlineData("https://www.tiktok.com/@dr/photo/7345557461438385450", "7345557461438385450")]
    [InlineData("https://m.tiktok.com/v/7345557461438385450.html", "7345557461438385450")]
    public void Videos_are_ids_or_addresses(string argument, string expected) => VideoParser.Parse(argument).Value.ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("12x")]
    [InlineData("99999999999999999999")]
    [InlineData("https://www.tiktok.com/@dr")]
    [InlineData("https://vm.tiktok.com/ZMabc/")]
    [InlineData("https://www.tiktok.com/@dr/video/abc")]
    public void Other_videos_are_refused(string argument) => VideoParser.Parse(argument).Error.ShouldNotBeNull().ShouldStartWith("ID '");

    [Theory]
    [InlineData(null, null, "2026-03-09", "2026-04-07")]
    [InlineData("2026-01-01", null, "2026-01-01", "2026-04-07")]
    [InlineData("2026-04-09", null, "2026-04-09", "2026-04-10")]
    [InlineData(null, "2026-01-31", "2026-01-02", "2026-01-31")]
    [InlineData(null, "2016-09-10", "2016-09-01", "2016-09-10")]
    [InlineData("2016-09-01", "2026-04-10", "2016-09-01", "2026-04-10")]
    [InlineData("2026-01-01", "2026-01-01", "2026-01-01", "2026-01-01")]
    public void Dates_have_defaults_that_are_ripe(string? from, string? to, string first, string last)
    {
        var range = DateRangeParser.Parse(from, to, Now).Range.ShouldNotBeNull();
        range.From.ToString("yyyy-MM-dd", null).ShouldBe(first);
        range.To.ToString("yyyy-MM-dd", null).ShouldBe(last);
    }

    [Theory]
    [InlineData("2026-02-01", "2026-01-01", "from: 2026-02-01")]
    [InlineData("2016-08-31", null, "from: 2016-08-31")]
    [InlineData(null, "2026-04-11", "to: 2026-04-11")]
    [InlineData("31-01-2026", null, "from: '31-01-2026'")]
    [InlineData("2026-02-30", null, "from: '2026-02-30'")]
    [InlineData(null, "", "to: ''")]
    public void Bad_dates_are_refused_by_their_end(string? from, string? to, string violation) =>
        DateRangeParser.Parse(from, to, Now).Violations.ShouldHaveSingleItem().ToString().ShouldStartWith(violation);

    [Fact]
    public void Two_bad_dates_are_both_named()
    {
        DateRangeParser.Parse("soon", "2026-04-11", Now).Violations.Select(violation => violation.ToString()).ShouldBe(
            ["from: 'soon' is not a date; write YYYY-MM-DD, e.g. 2026-01-31", "to: 2026-04-11 lies in the future; today is 2026-04-10 (UTC)"]);
    }

    [Fact]
    public void Regions_are_read_in_any_case_and_all_unknown_ones_are_explained()
    {
        RegionParser.Parse("DK, se,DK").Value.ShouldBe(["DK", "SE"]);
        RegionParser.Parse("DK,UK,EU,Q1").Error.ShouldNotBeNull().ShouldBe(
            "regions: 'UK': TikTok knows no region UK; write GB; 'EU': TikTok knows no region EU; list the countries, e.g. DK,SE; 'Q1': not one of TikTok's 245 region codes, which are two capitals like DK, SE, GB");
        RegionParser.Parse("DK,").IsValid.ShouldBeFalse();
    }

    private static string Show(Parsed<SearchTerm> term)
    {
        term.Error.ShouldBeNull();
        return string.Join(" | ", term.Value!.Alternatives.Select(atoms => string.Join('+', atoms.Select(atom => $"{atom.Field.ApiName()}={atom.Value}"))));
    }
}
