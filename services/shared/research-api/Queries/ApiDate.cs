using System.Globalization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Dates as the API writes them: <c>YYYYMMDD</c>, whole UTC days.</summary>
public static class ApiDate
{
    /// <summary>The first day that the API and this project accept; TikTok's first videos are of that month.</summary>
    public static readonly DateOnly Earliest = new(2016, 9, 1);

    public static string Format(DateOnly date) => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
