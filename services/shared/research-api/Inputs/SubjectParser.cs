namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Reads what a list is about: a user, a video, an id, or the name of a shop.</summary>
public static class SubjectParser
{
    public static Parsed<string> Parse(ResearchEndpoint endpoint, string argument) => endpoint switch
    {
        { SubjectKind: SubjectKind.Username } => ActorParser.Parse(argument),
        { SubjectKey: "video_id" } => VideoParser.Parse(argument),
        { SubjectKind: SubjectKind.Text } => Text(argument),
        _ => Id(endpoint.SubjectKey, argument.Trim()),
    };

    private static Parsed<string> Id(string key, string id) =>
        VideoQueryValidator.ExplainValue(ConditionField.VideoId, id) is null && id.TrimStart('0') is { Length: > 0 } number
            ? Parsed<string>.Of(number)
            : Parsed<string>.Refused($"ID {InputText.Quote(id)}", $"is not a {key.Replace('_', ' ')}; write the id (digits)");

    private static Parsed<string> Text(string argument) =>
        VideoQueryValidator.ExplainValue(ConditionField.Keyword, argument.Trim()) is { } why
            ? Parsed<string>.Refused($"NAME {InputText.Quote(argument)}", $"{why}; write the name of a shop")
            : Parsed<string>.Of(argument.Trim());
}
