using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.ResearchApi.Quirks;

/// <summary>Short ways to say what TikTok answered.</summary>
internal static class Answers
{
    public static PageFacts Page(ResearchEndpoint endpoint, string json, int status = 200) => PageReader.Read(endpoint, Utf8(json), status);

    /// <summary>A page with this in its data, and no error.</summary>
    public static PageFacts Good(ResearchEndpoint endpoint, string data) => Page(endpoint, $$$"""{"data":{{{data}}},"error":{"code":"ok","message":"","log_id":"L1"}}""");

    /// <summary>An error as TikTok writes it.</summary>
    public static ApiError Error(ResearchEndpoint endpoint, string code, string message = "", int status = 400) =>
        Page(endpoint, $$$"""{"data":{},"error":{"code":"{{{code}}}","message":"{{{message}}}","log_id":"L1"}}""", status).Error;

    /// <summary>All items of a page; each must be readable.</summary>
    public static IReadOnlyList<T> Items<T>(PageFacts page)
        where T : class, IResearchItem<T> => [.. page.Items.Select(item => Item<T>(item.Bytes))];

    public static T Item<T>(string json)
        where T : class, IResearchItem<T> => Item<T>(Utf8(json));

    public static T Item<T>(ReadOnlyMemory<byte> bytes)
        where T : class, IResearchItem<T>
    {
        ItemReader.TryRead<T>(bytes, out var item, out var error).ShouldBeTrue($"{error}");
        return item!;
    }

    public static string Body(ResearchRequest request)
    {
        request.Validate().ShouldBeEmpty();
        return Encoding.UTF8.GetString(request.WriteBody());
    }

    public static IEnumerable<string> Refused(ResearchRequest request) => request.Validate().Select(violation => violation.Path);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
