using System.Globalization;
using System.Text;
using IssueObservatory.Mesh.Sandbox.Api;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace IssueObservatory.Mesh.Sandbox.Http;

/// <summary>Brings requests off the wire to <see cref="ResearchApi"/> and its replies back, whole or not.</summary>
internal sealed class ApiHandler(ResearchApi api, SandboxClock clock)
{
    public async Task HandleAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, aborted);
        var delivery = api.Handle(new(
            context.Request.Method,
            context.Request.Path.Value ?? "/",
            context.Request.Query["fields"],
            context.Request.Headers.Authorization,
            context.Request.ContentType,
            body.ToArray()));
        if (delivery.Delay > TimeSpan.Zero)
        {
            await Task.Delay(delivery.Delay, clock, aborted);
        }

        if (delivery.Answer is not { } answer)
        {
            await UntilClosedAsync(aborted);
        }
        else if (delivery.Mangling is Mangling.Cut or Mangling.WrongContentLength)
        {
            await SendRawAsync(context, answer, delivery);
        }
        else
        {
            await SendAsync(context, answer, delivery);
        }
    }

    private static async Task SendAsync(HttpContext context, Answer answer, Delivery delivery)
    {
        var body = delivery.Mangling == Mangling.Truncated ? answer.Body[..(int)(answer.Body.Length * delivery.Share)] : answer.Body;
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers.Date = Date(delivery);
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Writes past the server, which would not let a wrong reply out, and closes the connection behind it.</summary>
    private static async Task SendRawAsync(HttpContext context, Answer answer, Delivery delivery)
    {
        var body = answer.Body;
        var (announced, sent) = delivery.Mangling == Mangling.Cut
            ? (body.Length, body[..(body.Length / 2)])
            : (Math.Max(0, body.Length - 10), body);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}\r\nDate: {Date(delivery)}\r\nContent-Type: application/json\r\nContent-Length: {announced}\r\n\r\n");
        var output = context.Features.Get<IConnectionTransportFeature>()!.Transport.Output;
        await output.WriteAsync(Encoding.ASCII.GetBytes(head), context.RequestAborted);
        await output.WriteAsync(sent, context.RequestAborted);
        // Completing drains what was written and then closes; aborting could lose it.
        await output.CompleteAsync();
        await UntilClosedAsync(context.RequestAborted);
    }

    private static string Date(Delivery delivery) => delivery.Date.ToString("R", CultureInfo.InvariantCulture);

    private static async Task UntilClosedAsync(CancellationToken closed)
    {
        var source = new TaskCompletionSource();
        await using (closed.Register(source.SetResult))
        {
            await source.Task;
        }
    }
}
