using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One page of what an endpoint knows about one thing: a user, a video's comments, a playlist, a shop, a task.</summary>
public sealed record SubjectRequest : ResearchRequest
{
    private readonly int? maxCount;

    public override required ResearchEndpoint Endpoint { get; init; }

    /// <summary>A user's name without the @, an id in digits, or a shop's name.</summary>
    public required string Subject { get; init; }

    /// <summary>Items per page, the endpoint's largest page unless set.</summary>
    public int MaxCount
    {
        get => maxCount ?? Endpoint.LargestPage;
        init => maxCount = value;
    }

    /// <summary>Where the page starts, as the page before said; 0 for the first page.</summary>
    public long Cursor { get; init; }

    public override byte[] WriteBody() => WriteObject(writer =>
    {
        if (Endpoint.SubjectKind is SubjectKind.Id)
        {
            writer.WritePropertyName(Endpoint.SubjectKey);
            writer.WriteRawValue(Subject, skipInputValidation: true);
        }
        else
        {
            writer.WriteString(Endpoint.SubjectKey, Subject);
        }

        if (Endpoint.CountKey.Length > 0)
        {
            writer.WriteNumber(Endpoint.CountKey, Endpoint.Reach is { } reach ? Math.Min(MaxCount, reach - Cursor) : MaxCount);
        }

        if (Endpoint.Cursor is CursorKind.PageNumber)
        {
            writer.WriteNumber(Endpoint.CursorKey, Math.Max(Cursor, 1));
        }
        else if (Cursor != 0)
        {
            writer.WriteNumber(Endpoint.CursorKey, Cursor);
        }
    });

    public override IReadOnlyList<Violation> Validate()
    {
        var found = new List<Violation>();
        if (Endpoint.SubjectKey.Length == 0)
        {
            found.Add(new("endpoint", $"{Endpoint} is not asked about one thing"));
        }
        else if (ExplainSubject() is { } why)
        {
            found.Add(new(Endpoint.SubjectKey, why));
        }

        CheckPage(MaxCount, Cursor, found);
        CheckFields(found);
        return found;
    }

    public override string ToString() => $"{Path} cursor {Cursor}";

    private string? ExplainSubject() => VideoQueryValidator.ExplainValue(
        Endpoint.SubjectKind switch
        {
            SubjectKind.Username => ConditionField.Username,
            SubjectKind.Text => ConditionField.Keyword,
            _ => ConditionField.VideoId,
        },
        Subject);
}
