using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Opens a batch compliance task: a multipart form with a file of video or comment ids.</summary>
internal sealed class ComplianceCreateEndpoint(ComplianceTasks tasks) : IEndpoint
{
    private const int MostIds = 10_000;

    public SandboxEndpoint Kind => SandboxEndpoint.ComplianceCreate;

    public string Path => "validation_task/create";

    public Outcome Answer(ApiRequest request)
    {
        var form = request.IsMultipart ? Read(request) : [];
        if (form.GetValueOrDefault("category") is not ("video" or "comment") || !form.TryGetValue("file_data", out var file))
        {
            return Outcome.Invalid("Invalid parameters: a multipart form with file_data and category (video or comment) is required");
        }

        var lines = file.Split(['\n', '\r', ',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var ids = new List<long>(lines.Length);
        foreach (var line in lines)
        {
            if (long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                ids.Add(id);
            }
        }

        return lines.Length is 0 or > MostIds || ids.Count < lines.Length
            ? new Outcome(400, "invalid_file_upload", "The file must hold 1 to 10000 ids, one a line")
            : Outcome.Ok(new() { ["task_id"] = tasks.Open(ids, form["category"] == "comment", request.Now).Id });
    }

    private static Dictionary<string, string> Read(ApiRequest request)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        var (type, bytes) = request.Raw;
        if (!MediaTypeHeaderValue.TryParse(type, out var media) || HeaderUtilities.RemoveQuotes(media.Boundary).Value is not { Length: > 0 } boundary)
        {
            return parts;
        }

        try
        {
            var reader = new MultipartReader(boundary, new MemoryStream(bytes.ToArray()));
            while (reader.ReadNextSectionAsync().GetAwaiter().GetResult() is { } section)
            {
                using var text = new StreamReader(section.Body, Encoding.UTF8);
                if (section.GetContentDispositionHeader()?.Name.Value is { } name)
                {
                    parts[HeaderUtilities.RemoveQuotes(name).Value ?? name] = text.ReadToEnd();
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // A form that breaks off is one without its last parts.
        }

        return parts;
    }
}
