using System.Text;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What the ids of a validation task are.</summary>
public enum ValidationCategory
{
    Video,
    Comment,
}

/// <summary>
/// Asks which of up to 10,000 ids TikTok still shows, as one file: one request in place of as many questions. The answer is a task that is
/// asked for its state (<see cref="ResearchEndpoints.ValidationTaskStatus"/>) until its result can be downloaded.
/// </summary>
public sealed record ValidationTaskRequest : ResearchRequest
{
    /// <summary>Most ids of one task.</summary>
    public const int MostIds = 10_000;

    // Ids and categories are digits and letters, so no part can hold it.
    private const string Boundary = "--------ids-of-one-validation-task";

    public override ResearchEndpoint Endpoint { get; init; } = ResearchEndpoints.CreateValidationTask;

    public required ValidationCategory Category { get; init; }

    /// <summary>Digits; written one to a line.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    public override string MediaType => $"multipart/form-data; boundary={Boundary}";

    public override byte[] WriteBody() => Encoding.ASCII.GetBytes(string.Join("\r\n",
    [
        $"--{Boundary}",
        "Content-Disposition: form-data; name=\"category\"",
        "",
        Category is ValidationCategory.Video ? "video" : "comment",
        $"--{Boundary}",
        "Content-Disposition: form-data; name=\"file_data\"; filename=\"ids.txt\"",
        "Content-Type: text/plain",
        "",
        string.Join('\n', Ids),
        $"--{Boundary}--",
        "",
    ]));

    public override IReadOnlyList<Violation> Validate()
    {
        var found = new List<Violation>();
        if (!Enum.IsDefined(Category))
        {
            found.Add(new("category", "must be video or comment"));
        }

        if (Ids.Count is 0 or > MostIds)
        {
            found.Add(new("file_data", $"needs 1 to {MostIds} ids, not {Ids.Count}"));
        }

        if (Ids.Select(id => VideoQueryValidator.ExplainValue(ConditionField.VideoId, id)).OfType<string>().FirstOrDefault() is { } why)
        {
            found.Add(new("file_data", why));
        }

        CheckFields(found);
        return found;
    }

    public override string ToString() => $"{Path} {Ids.Count} ids";
}
