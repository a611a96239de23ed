using IssueObservatory.Mesh.Ucr;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Ucr;

public sealed class RecordFieldTests
{
    private const string Salt = "this is a salt of at least 32 bytes!";

    [Theory]
    [InlineData(PseudonymScheme.Sha256, "dr.nyheder", "48a455b9a28c47b51ca9dbdf5d9b8cc0abf8dc3e8dc7c393180902e52af3e1e2")]
    [InlineData(PseudonymScheme.Sha256, "søren_ø", "3b3d96df58df2000ac834defdb7691c42dff565a3bb2d28bcb7caa2d7bfd5cc2")]
    [InlineData(PseudonymScheme.HmacSha256, "dr.nyheder", "f93ec099bf3a04c19676a34b3e63fd6d4e2c1728b8b2b7ee32bc407280275948")]
    public void A_pseudonym_is_the_one_that_Python_makes(PseudonymScheme scheme, string username, string pseudonym) =>
        new AuthorPseudonyms(scheme, Salt).Of(username).ShouldBe(pseudonym);

    [Fact]
    public void Key_id_and_fingerprint_change_with_salt_and_scheme_and_tell_neither()
    {
        AuthorPseudonyms[] all = [new(PseudonymScheme.Sha256, Salt), new(PseudonymScheme.HmacSha256, Salt), new(PseudonymScheme.Sha256, Salt + "x")];
        all.Select(one => one.KeyId).ShouldBeUnique(StringComparer.Ordinal);
        all.Select(one => one.Fingerprint).ShouldBeUnique(StringComparer.Ordinal);
        all.ShouldAllBe(one => one.KeyId.Length == 8 && one.KeyId.All(char.IsAsciiHexDigitLower) && !one.Fingerprint.Contains(one.KeyId, StringComparison.Ordinal));
    }

    /// <summary>Worked examples of the observatory, and Python's math.log and round.</summary>
    [Theory]
    [InlineData(10_000L, 500L, 20L, 30L, 23.55)]
    [InlineData(1_000_000L, 100_000L, 5_000L, 2_000L, 48.99)]
    [InlineData(1L, 0L, 0L, 0L, 0.0)]
    [InlineData(0L, 0L, 0L, 1L, 3.47)]
    [InlineData(44_804L, 3L, null, null, 19.15)]
    [InlineData(null, 1L, null, null, 0.48)]
    [InlineData(1_000_000_000_000_000_000L, 1_000_000_000_000_000_000L, 0L, 0L, 100.0)]
    [InlineData(-5L, -1L, 0L, 0L, 0.0)]
    [InlineData(0L, 0L, 0L, 0L, null)]
    [InlineData(null, null, null, null, null)]
    [InlineData(null, 0L, null, null, null)]
    public void The_score_is_the_observatorys(long? views, long? likes, long? shares, long? comments, double? score) =>
        EngagementScore.Of(views, likes, shares, comments).ShouldBe(score);

    [Theory]
    [InlineData(2.675, 2.67)]
    [InlineData(1.005, 1.0)]
    [InlineData(0.125, 0.12)]
    [InlineData(0.375, 0.38)]
    [InlineData(23.545, 23.55)]
    [InlineData(99.995, 100.0)]
    [InlineData(0.005, 0.01)]
    [InlineData(50.625, 50.62)]
    public void Rounding_is_Pythons(double value, double rounded) => EngagementScore.RoundToCents(value).ShouldBe(rounded);

    [Fact]
    public void The_id_is_Pythons_uuid5() =>
        RecordId.Of("default", "tiktok", "7320768198246433569").ShouldBe(new Guid("4dbbffb3-7ac1-5e13-b85c-6b255dbf0137"));

    [Theory]
    [InlineData("hej", "goddag", "hej\n[transcript] goddag")]
    [InlineData("hej ", null, "hej ")]
    [InlineData("hej", "", "hej")]
    [InlineData("", "goddag", "[transcript] goddag")]
    [InlineData(null, "goddag", "[transcript] goddag")]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public void The_text_is_the_description_and_then_the_transcript(string? description, string? transcript, string? text) =>
        TextContent.Of(description, transcript).ShouldBe(text);

    [Theory]
    [InlineData("hej @navn!", "hej @<navn>!")]
    [InlineData("@a.b_c. Og @d", "@<a.b_c>. Og @<d>")]
    [InlineData("duet@navn", "duet@<navn>")]
    [InlineData("＠navn @@to", "＠<navn> @@<to>")]
    [InlineData("@søren🙂@李小龍", "@<søren>🙂@<李小龍>")]
    [InlineData("@... @", "@... @")]
    [InlineData("ingen", "ingen")]
    public void Mentions_are_found_wherever_they_stand(string text, string replaced) => Mentions.Replace(text, name => $"<{name}>").ShouldBe(replaced);

    [Fact]
    public void A_mention_leads_to_the_mentioned_authors_pseudonym()
    {
        var pseudonyms = new AuthorPseudonyms(PseudonymScheme.Sha256, Salt);
        pseudonyms.ShortOf("Dr.Nyheder").ShouldBe("user_" + pseudonyms.Of("dr.nyheder")[..12]);
    }

    /// <summary>Not inline data: attributes cannot hold half a surrogate pair.</summary>
    [Fact]
    public void Broken_text_is_mended()
    {
        WellFormedText.Of("a\0b").ShouldBe("ab");
        WellFormedText.Of("a\uDC00").ShouldBe("a\uFFFD");
        WellFormedText.Of("\uD83D").ShouldBe("\uFFFD");
        WellFormedText.Of("🙂").ShouldBe("🙂");
    }
}
