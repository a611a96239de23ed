using System.Diagnostics;
using System.Globalization;
using System.Text;
using IssueObservatory.Mesh.Ucr;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Ucr;

public sealed class PythonTextTests
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Blocks that Unicode has not changed for long, so that Python's tables and ours agree about what exists; the special letters come often.</summary>
    private static readonly (int From, int To)[] Blocks =
    [
        (0x01, 0x7E), (0x80, 0x24F), (0x2B0, 0x36F), (0x391, 0x3A1), (0x3A3, 0x3FF), (0x400, 0x4FF), (0x600, 0x604), (0x1E00, 0x1EFF), (0x1F00, 0x1F15),
        (0x2000, 0x2064), (0x2160, 0x2188), (0x24B6, 0x24E9), (0x3000, 0x3020), (0xAC00, 0xAC20), (0xFF01, 0xFF5E), (0x10400, 0x1044F), (0x1F130, 0x1F169), (0x1F600, 0x1F640),
    ];

    private static readonly int[] Favourites = [0x3A3, 0x130, 0x20, 0x09, 0x0301, 0x27, 0x2019, 0x41, 0x3B1, 0xAD, 0x1C, 0x85];

    [Theory]
    [InlineData("ΟΔΟΣ ΟΔΟΣ", "οδος οδος")]
    [InlineData("Σ", "σ")]
    [InlineData("ΑΣ.Α", "ασ.α")]
    [InlineData("ΑΣ\u0301", "ας\u0301")]
    [InlineData("A\u03A3\u216B", "a\u03C3\u217B")]
    [InlineData("A\u03A3\u00AA", "a\u03C3\u00AA")]
    [InlineData("\u0130x", "i\u0307x")]
    public void Lower_case_knows_the_final_sigma_and_the_dotted_i(string text, string lower) => PythonText.Lower(text).ShouldBe(lower);

    [Fact]
    public void A_thousand_random_texts_hash_as_in_Python()
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed.");
        var random = new Random(20260401);
        string[] texts = [.. Enumerable.Range(0, 1000).Select(_ => RandomText(random))];

        var hashes = RunPython(texts);

        hashes.Length.ShouldBe(texts.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            (ContentHash.Of(texts[i]) ?? "None").ShouldBe(hashes[i], string.Join(' ', texts[i].EnumerateRunes().Select(rune => $"U+{rune.Value:X4}")));
        }
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(0, 24); left > 0; left--)
        {
            var block = Blocks[random.Next(Blocks.Length)];
            var rune = random.Next(3) == 0 ? Favourites[random.Next(Favourites.Length)] : random.Next(block.From, block.To + 1);
            text.Append(char.ConvertFromUtf32(rune));
        }

        return text.ToString();
    }

    private static string[] RunPython(string[] texts)
    {
        const string Program = """
            import sys, re, hashlib, unicodedata
            for line in sys.stdin:
                text = bytes.fromhex(line.strip()).decode('utf-8')
                text = re.sub(r'\s+', ' ', unicodedata.normalize('NFC', text).strip()).lower()
                print(hashlib.sha256(text.encode('utf-8')).hexdigest() if text else None)
            """;
        using var python = Process.Start(new ProcessStartInfo(Python, ["-c", Program]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var reading = new Thread(() =>
        {
            foreach (var text in texts)
            {
                python.StandardInput.WriteLine(Convert.ToHexString(Encoding.UTF8.GetBytes(text)));
            }

            python.StandardInput.Close();
        });
        reading.Start();
        var output = python.StandardOutput.ReadToEnd();
        reading.Join();
        python.WaitForExit();
        python.ExitCode.ShouldBe(0);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
