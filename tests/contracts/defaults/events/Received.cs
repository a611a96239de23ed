using System.Collections.Concurrent;
using System.Diagnostics;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using Shouldly;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>What the handlers of a test got, and how they behave.</summary>
internal sealed class Received
{
    private readonly ConcurrentQueue<(string Handler, string Page, ActivityTraceId? Trace)> all = new();
    private readonly SemaphoreSlim arrivals = new(0);

    /// <summary>What a handler does with a page on its n-th try, after it was noted here.</summary>
    public Func<string, string, int, CancellationToken, Task> OnEvent { get; set; } = (_, _, _, _) => Task.CompletedTask;

    public IReadOnlyList<ActivityTraceId?> Traces => [.. all.Select(one => one.Trace)];

    public int Count => all.Count;

    /// <summary>Lets a handler fail where the condition holds.</summary>
    public void FailWhen(Func<string, string, int, bool> condition) =>
        OnEvent = (handler, page, attempt, _) => condition(handler, page, attempt) ? throw new InvalidOperationException(page) : Task.CompletedTask;

    public IReadOnlyList<string> By(string handler) => [.. all.Where(one => one.Handler == handler).Select(one => one.Page)];

    public async Task UntilAsync(int count)
    {
        while (all.Count < count)
        {
            (await arrivals.WaitAsync(TimeSpan.FromMinutes(2))).ShouldBeTrue($"{all.Count} of {count} arrived");
        }
    }

    public Task TakeAsync(string handler, PageStored message, CancellationToken cancellationToken)
    {
        all.Enqueue((handler, message.PageId, Activity.Current?.TraceId));
        var attempt = By(handler).Count(page => page == message.PageId);
        arrivals.Release();
        return OnEvent(handler, message.PageId, attempt, cancellationToken);
    }
}

/// <summary>Handles pages as the service <c>first</c>.</summary>
internal sealed class FirstHandler(Received received) : IEventHandler<PageStored>
{
    public Task HandleAsync(PageStored message, CancellationToken cancellationToken) => received.TakeAsync("first", message, cancellationToken);
}

/// <summary>Handles pages as the service <c>second</c>.</summary>
internal sealed class SecondHandler(Received received) : IEventHandler<PageStored>
{
    public Task HandleAsync(PageStored message, CancellationToken cancellationToken) => received.TakeAsync("second", message, cancellationToken);
}
