using System.Globalization;
using IssueObservatory.Mesh.Cli.Output;

namespace IssueObservatory.Mesh.Cli.Demo;

/// <summary>What the demo gave, for a person.</summary>
internal static class DemoSummary
{
    private const int BarWidth = 30;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter to, DemoJson demo)
    {
        to.WriteLine();
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{demo.Records:N0} records for {demo.Units:N0} units: {demo.RecordsPerUnit:F1} records per unit, in {demo.ElapsedSeconds:F0} s."));
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{demo.RefreshedVideos:N0} videos were read again for {demo.RefreshUnits:N0} units. {demo.TokensFetched} tokens were fetched; nobody had to notice."));
        foreach (var gap in demo.Gaps)
        {
            to.WriteLine($"Missing, and known to be: {gap.From} … {gap.To}, {gap.Reason}, for {string.Join(", ", gap.Clauses)}.");
        }

        if (demo.Hashtags.Count > 0)
        {
            to.WriteLine();
            var most = demo.Hashtags[0].Videos;
            foreach (var hashtag in demo.Hashtags)
            {
                to.WriteLine($"  {"#" + TextTable.Visible(hashtag.Hashtag),-20} {CollectionText.Number(hashtag.Videos),7}  {new string('█', (int)Math.Max(1, BarWidth * hashtag.Videos / most))}");
            }
        }

        to.WriteLine();
        to.WriteLine("Look further:");
        to.WriteLine($"  mesh --data {demo.Data} list");
        to.WriteLine($"  mesh --data {demo.Data} coverage");
        to.WriteLine($"  mesh --data {demo.Data} records");
        to.WriteLine($"  mesh --data {demo.Data} export --format ndjson --out videos.ndjson");
        to.WriteLine($"  mesh --data {demo.Data} refresh status");
        to.WriteLine("With real credentials:");
        to.WriteLine("  mesh credentials add --client-key KEY");
        to.WriteLine("  mesh collect terms '#dkpol' --from DATE --to DATE");
    }
}
