using IssueObservatory.Mesh.Ucr;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Ucr;

public sealed class ContentHashTests
{
    /// <summary>Made with Python 3.11: unicodedata NFC, strip, re.sub(r'\s+', ' '), lower, hashlib.sha256.</summary>
    [Theory]
    [InlineData("#dkpol Hej  verden ", "d4839523fbf478ea6611a1c9df09c6b065fb10d24191e7320acd83b642dee1d5")]
    [InlineData("RØDGRØD MED FLØDE", "b005714b6cda90403a4b95baed754f822c3253e2226e27a1327c265c861d776b")]
    [InlineData("ΟΔΥΣΣΕΥΣ ΣΟΦΟΣ.", "dee0e72ad34000c6f09f161a10ea9203a7b13136bade306f0e9493c72424cd4c")]
    [InlineData("\u0130STANBUL", "4a4df120f7d1f3c286f58651abfcec2aade892ace635f96f02b946c96e6e1f86")]
    [InlineData("Cafe\u0301\u00A0\u3000BAR\u001C\u0085", "77c27f218ef2e6654d9bff5b9464a291f8acf8b288423ec55755d5d740df190b")]
    [InlineData("👍🏽 Äpfel ẞ", "b80ea6c1fc291eac75a21ff8ad28b0ee6b0094b1f5923acc5d6a1aac93eecb4b")]
    [InlineData("\uFB01 \u216B \u24D0\u03A3", "9e464ba9d8aebe24808090be381eb552f7778bdf1ff184650a05fe45cd61ec97")]
    public void The_hash_is_the_one_that_Python_makes(string description, string hash) => ContentHash.Of(description).ShouldBe(hash);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u2028\t\u001F")]
    [InlineData("\0")]
    public void Nothing_has_no_hash(string? description) => ContentHash.Of(description).ShouldBeNull();

    [Fact]
    public void Case_composition_and_white_space_do_not_matter() =>
        ContentHash.Of("  Re\u0301sume\u0301\n\nNU ").ShouldBe(ContentHash.Of("r\u00E9sum\u00E9 nu"));

    [Fact]
    public void Broken_text_has_a_hash() => ContentHash.Of("a\uD800b\0").ShouldBe(ContentHash.Of("a\uFFFDb"));
}
