using System.Globalization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Reads which video is meant: its id, or any address at tiktok.com with <c>/video/ID</c> in it.</summary>
public static class VideoParser
{
    private const string Allowed = "write the id (digits) or https://www.tiktok.com/@name/video/ID";

    public static Parsed<string> Parse(string argument)
    {
        var text = argument.Trim();
        if (TikTokUrl.TryRead(text, out var url))
        {
            return url.Error is { } why ? Refused(argument, $"{why}; {Allowed}")
                : url.VideoId is { } found ? Checked(argument, found)
                : Refused(argument, $"has no /video/ID in it; {Allowed}");
        }

        return Checked(argument, text);
    }

    private static Parsed<string> Checked(string argument, string id) =>
        id.Length == 0 ? Refused(argument, $"is empty; {Allowed}")
        : long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? Parsed<string>.Of(number.ToString(CultureInfo.InvariantCulture))
        : Refused(argument, $"is not a video id; {Allowed}");

    private static Parsed<string> Refused(string argument, string why) => Parsed<string>.Refused($"ID {InputText.Quote(argument)}", why);
}
