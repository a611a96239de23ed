namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Reads who is meant: <c>name</c>, <c>@name</c>, or any address at tiktok.com with <c>/@name</c> in it. Upper and lower case stay as typed.</summary>
public static class ActorParser
{
    private const string Allowed = "write name, @name or https://www.tiktok.com/@name";

    public static Parsed<string> Parse(string argument)
    {
        var text = argument.Trim();
        if (TikTokUrl.TryRead(text, out var url))
        {
            return url.Error is { } why ? Refused(argument, $"{why}; {Allowed}")
                : url.Name is { } named ? Checked(argument, named)
                : Refused(argument, $"has no @name in it; {Allowed}");
        }

        return Checked(argument, text.StartsWith('@') ? text[1..] : text);
    }

    private static Parsed<string> Checked(string argument, string name) =>
        VideoQueryValidator.ExplainValue(ConditionField.Username, name) is { } why
            ? Refused(argument, name.Length == 0 ? $"is empty; {Allowed}" : $"{why}; {Allowed}")
            : Parsed<string>.Of(name);

    private static Parsed<string> Refused(string argument, string why) => Parsed<string>.Refused($"NAME {InputText.Quote(argument)}", why);
}
