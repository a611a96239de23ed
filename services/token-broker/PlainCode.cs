namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Codes and log ids from outside, as they may be shown and logged.</summary>
internal static class PlainCode
{
    private const int Longest = 64;

    /// <summary>The text when it is nothing but letters, digits, - and _, otherwise empty: a strange server or caller cannot speak through us.</summary>
    public static string Of(string? text) => text is { Length: <= Longest } && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-') ? text : "";
}
