using System.Text.Json;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Interop;

/// <summary>A program that reads calls and writes answers, one JSON object a line each.</summary>
internal sealed class LineClient(RunningProgram program) : IForeignClient
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(60);

    private int calls;

    public async Task<ForeignAnswer> CallAsync(ForeignCall call)
    {
        var line = new JsonObject
        {
            ["method"] = call.Method,
            ["request"] = call.Request.DeepClone(),
            ["key"] = call.Key,
            ["deadline"] = call.Deadline,
            ["gzip"] = call.Gzip,
            ["stop_after"] = call.StopAfter,
        };
        await program.Input.WriteLineAsync(line.ToJsonString());
        await program.Input.FlushAsync();
        var number = ++calls;
        var output = await program.OutputAsync(text => text.Count(character => character == '\n') >= number, LongestCall);
        var answer = JsonDocument.Parse(output.Split('\n')[number - 1]).RootElement;
        return new(answer.Word("code"), answer.List("messages"), answer.List("details"));
    }

    public ValueTask DisposeAsync() => program.DisposeAsync();
}
