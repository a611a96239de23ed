using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class VideoQueryTests
{
    private static readonly VideoQuery Example = new()
    {
        And = [Condition.In(ConditionField.RegionCode, "DK", "SE"), Condition.Eq(ConditionField.Keyword, "på \"gensyn\" 🙂")],
        Or = [Condition.In(ConditionField.HashtagName, "dkpol", "økonomi")],
        Not = [new(ConditionField.ViewCount, ConditionOperation.Lt, ["10"])],
    };

    [Fact]
    public void A_query_is_written_in_fixed_order_with_letters_as_they_are_and_emoji_escaped()
    {
        Encoding.UTF8.GetString(VideoQueryWriter.Write(Example)).ShouldBe(
            """{"and":[{"operation":"IN","field_name":"region_code","field_values":["DK","SE"]},{"operation":"EQ","field_name":"keyword","field_values":["på \"gensyn\" \uD83D\uDE42"]}],"or":[{"operation":"IN","field_name":"hashtag_name","field_values":["dkpol","økonomi"]}],"not":[{"operation":"LT","field_name":"view_count","field_values":["10"]}]}""");
    }

    [Fact]
    public void What_was_written_reads_back_the_same()
    {
        var reading = QueryFileReader.Read(VideoQueryWriter.Write(Example));

        reading.Violations.ShouldBeEmpty();
        reading.File!.Query.ShouldBe(Example);
        reading.File.Query.GetHashCode().ShouldBe(Example.GetHashCode());
    }

    [Fact]
    public void Every_violation_is_named_at_once_with_its_path()
    {
        var query = new VideoQuery
        {
            And =
            [
                new(ConditionField.Keyword, ConditionOperation.Eq, ["a", "b"]),
                new(ConditionField.HashtagName, ConditionOperation.Gt, ["#dkpol"]),
                new(ConditionField.RegionCode, ConditionOperation.In, ["DK", "dk", "UK", "QQ"]),
            ],
            Or = [new(ConditionField.Username, ConditionOperation.Eq, ["@drnyheder"]), new(ConditionField.VideoId, ConditionOperation.In, [])],
            Not =
            [
                new(ConditionField.CreateDate, ConditionOperation.Gte, ["2026-01-01"]),
                new(ConditionField.VideoLength, ConditionOperation.Eq, ["short"]),
                new(ConditionField.MusicId, ConditionOperation.Eq, ["9223372036854775808"]),
                new((ConditionField)99, (ConditionOperation)99, ["x"]),
            ],
        };

        VideoQueryValidator.Validate(query).Select(violation => violation.Path).ShouldBe(
        [
            "query.and[0].field_values",
            "query.and[1].operation",
            "query.and[1].field_values[0]",
            "query.and[2].field_values[1]",
            "query.and[2].field_values[2]",
            "query.and[2].field_values[3]",
            "query.or[0].field_values[0]",
            "query.or[1].field_values",
            "query.not[0].field_values[0]",
            "query.not[1].field_values[0]",
            "query.not[2].field_values[0]",
            "query.not[3].field_name",
            "query.not[3].operation",
        ]);
    }

    [Fact]
    public void An_empty_query_is_refused() =>
        VideoQueryValidator.Validate(new()).ShouldHaveSingleItem().Path.ShouldBe("query");

    [Theory]
    [InlineData(ConditionField.Keyword, "")]
    [InlineData(ConditionField.Keyword, "  ")]
    [InlineData(ConditionField.Keyword, "a\0b")]
    [InlineData(ConditionField.HashtagName, "two words")]
    [InlineData(ConditionField.Username, "")]
    [InlineData(ConditionField.Username, "a b")]
    [InlineData(ConditionField.Username, "søren")]
    [InlineData(ConditionField.VideoId, "-1")]
    [InlineData(ConditionField.VideoId, "12a")]
    [InlineData(ConditionField.VideoId, "98765432109876543210987654")]
    [InlineData(ConditionField.CreateDate, "20260230")]
    [InlineData(ConditionField.ViewCount, "1e3")]
    public void Values_that_TikTok_cannot_mean_are_explained(ConditionField field, string value) =>
        VideoQueryValidator.ExplainValue(field, value).ShouldNotBeNullOrEmpty();

    [Theory]
    [InlineData(ConditionField.Keyword, "to ord")]
    [InlineData(ConditionField.Keyword, "#dkpol")]
    [InlineData(ConditionField.HashtagName, "økonomi🇩🇰")]
    [InlineData(ConditionField.Username, "dr.nyheder_1")]
    [InlineData(ConditionField.VideoId, "9223372036854775807")]
    [InlineData(ConditionField.VideoId, "98765432109876543210987")]
    [InlineData(ConditionField.EffectId, "0")]
    [InlineData(ConditionField.CreateDate, "20240229")]
    [InlineData(ConditionField.VideoLength, "EXTRA_LONG")]
    [InlineData(ConditionField.RegionCode, "GL")]
    public void Values_that_TikTok_knows_pass(ConditionField field, string value) =>
        VideoQueryValidator.ExplainValue(field, value).ShouldBeNull();

    [Fact]
    public void Two_hundred_characters_are_counted_as_people_see_them_and_not_in_UTF16()
    {
        VideoQueryValidator.ExplainValue(ConditionField.Keyword, string.Concat(Enumerable.Repeat("🙂", 200))).ShouldBeNull();
        VideoQueryValidator.ExplainValue(ConditionField.Keyword, new string('a', 201)).ShouldNotBeNull().ShouldContain("201");
        VideoQueryValidator.ExplainValue(ConditionField.Keyword, "half \uD800 pair").ShouldNotBeNull();
    }

    [Fact]
    public void Orderings_work_on_dates_and_counts_only()
    {
        foreach (var field in Enum.GetValues<ConditionField>())
        {
            foreach (var operation in Enum.GetValues<ConditionOperation>())
            {
                var refused = VideoQueryValidator.Validate(new() { And = [new(field, operation, ["20260101"])] })
                    .Any(violation => violation.Path == "query.and[0].operation");
                refused.ShouldBe(
                    operation is not (ConditionOperation.Eq or ConditionOperation.In)
                    && field is not (ConditionField.CreateDate or ConditionField.ViewCount or ConditionField.CommentCount),
                    $"{field} {operation}");
            }
        }
    }

    [Fact]
    public void Names_are_TikToks_and_read_back()
    {
        ConditionFields.Names.Count.ShouldBe(11);
        foreach (var field in Enum.GetValues<ConditionField>())
        {
            ConditionFields.TryParse(field.ApiName(), out var read).ShouldBeTrue();
            read.ShouldBe(field);
        }

        foreach (var operation in Enum.GetValues<ConditionOperation>())
        {
            ConditionOperations.TryParse(operation.ApiName(), out var read).ShouldBeTrue();
            read.ShouldBe(operation);
        }

        ConditionFields.TryParse("id", out _).ShouldBeFalse();
        ConditionOperations.TryParse("eq", out _).ShouldBeFalse();
    }

    [Fact]
    public void There_are_245_regions_sorted_and_Denmark_Greenland_and_the_Faroes_are_among_them()
    {
        RegionCodes.All.Count.ShouldBe(245);
        RegionCodes.All.ShouldBe(RegionCodes.All.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        ((string[])["DK", "GL", "FO", "GB", "XK", "TP"]).ShouldAllBe(code => RegionCodes.Contains(code));
        ((string[])["dk", "UK", "EU", "CC", "KP", ""]).ShouldAllBe(code => !RegionCodes.Contains(code));
    }

    [Fact]
    public void The_regions_are_the_documented_ones()
    {
        var documented = System.Text.Json.JsonSerializer.Deserialize<string[]>(Recordings.Read("docs/region_codes.json"))!;
        RegionCodes.All.ShouldBe(documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_that_prints_a_query_prints_its_words()
    {
        var request = new VideoQueryRequest { Query = Example, StartDate = new(2026, 1, 1), EndDate = new(2026, 1, 2) };
        var printed = $"{Example} {request} {Example.And[1]} {ResearchEndpoints.UserInfo.Ask("drnyheder")} {new TermAtom(ConditionField.Keyword, "gensyn")}";

        printed.ShouldNotContain("gensyn");
        printed.ShouldNotContain("drnyheder");
        printed.ShouldNotContain("dkpol");
    }
}
