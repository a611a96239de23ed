using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Sandbox;

public sealed class SandboxQueryParseTests
{
    [Fact]
    public void A_query_is_read_from_json()
    {
        var query = SandboxQuery.Parse("""{"or":[{"operation":"IN","field_name":"keyword","field_values":["a","b"]}],"not":null}""");
        query.Or.Single().FieldValues.ShouldBe(["a", "b"]);
        query.And.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nonsense", "not JSON")]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"and":{}}""", "must be a list")]
    [InlineData("""{"and":[1]}""", "query.and[0] must be an object")]
    [InlineData("""{"and":[{"operation":"EQ","field_name":"keyword","field_values":["a"],"value":1}]}""", "query.and[0].value is unknown")]
    [InlineData("""{"and":[{"field_name":"keyword","field_values":["a"]}]}""", "operation ''")]
    [InlineData("""{"and":[{"operation":"EQ","field_name":"keyword","field_values":"a"}]}""", "must be a list")]
    [InlineData("""{"and":[{"operation":"EQ","field_name":"video_id","field_values":["12a"]}]}""", "'12a' is not a valid video_id")]
    public void A_bad_query_says_what_is_wrong(string json, string reason) =>
        Should.Throw<FormatException>(() => SandboxQuery.Parse(json)).Message.ShouldContain(reason);

    [Fact]
    public void Every_documented_field_takes_eq_and_in_and_only_numbers_and_days_take_the_rest()
    {
        (string Field, string Value, bool Ordered)[] fields =
        [
            ("create_date", "20260101", true), ("username", "a", false), ("region_code", "FO", false), ("video_id", "1", false), ("hashtag_name", "a", false), ("keyword", "a", false),
            ("music_id", "1", false), ("effect_id", "1", false), ("video_length", "LONG", false), ("view_count", "10", true), ("comment_count", "10", true),
        ];
        foreach (var (field, value, ordered) in fields)
        {
            foreach (var operation in (string[])["EQ", "IN", "GT", "GTE", "LT", "LTE"])
            {
                var json = $$"""{"and":[{"operation":"{{operation}}","field_name":"{{field}}","field_values":["{{value}}"]}]}""";
                if (ordered || operation is "EQ" or "IN")
                {
                    SandboxQuery.Parse(json).And.Count.ShouldBe(1);
                }
                else
                {
                    Should.Throw<FormatException>(() => SandboxQuery.Parse(json), $"{field} {operation}");
                }
            }
        }
    }
}
