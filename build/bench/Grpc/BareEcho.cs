using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace IssueObservatory.Mesh.Bench;

/// <summary>The same call by hand: five bytes of frame, the message as it came, the status as a trailer.</summary>
internal static class BareEcho
{
    public static async Task AnswerAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(context.RequestAborted);
        }

        context.Response.ContentType = "application/grpc";
        foreach (var segment in read.Buffer)
        {
            context.Response.BodyWriter.Write(segment.Span);
        }

        reader.AdvanceTo(read.Buffer.End);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
