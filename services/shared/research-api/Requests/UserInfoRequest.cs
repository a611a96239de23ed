using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The public profile of one user.</summary>
public sealed record UserInfoRequest : ResearchRequest
{
    /// <summary>Without the @.</summary>
    public required string Username { get; init; }

    public override IReadOnlyList<string> Fields { get; init; } = UserFields.All;

    public override string Path => "/v2/research/user/info/";

    public override byte[] WriteBody()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, VideoQueryWriter.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("username", Username);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    public override IReadOnlyList<Violation> Validate()
    {
        var found = new List<Violation>();
        if (VideoQueryValidator.ExplainValue(ConditionField.Username, Username) is { } why)
        {
            found.Add(new("username", why));
        }

        CheckFields(UserFields.Known, found);
        return found;
    }

    /// <summary>Names the endpoint only: user names stay out of logs.</summary>
    public override string ToString() => Path;
}
