using System.Reflection;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>Counts every call that leaves a part of the process, and ends the process before or after the one that was chosen.</summary>
internal sealed class Death(int atCall, bool after)
{
    private readonly TaskCompletionSource died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int calls;

    public Task Died => died.Task;

    /// <summary>Ends the process whatever it is at.</summary>
    public void Now() => died.TrySetResult();

    public T Around<T>(T inner)
        where T : class
    {
        var proxy = DispatchProxy.Create<T, Mortal>();
        var mortal = (Mortal)(object)proxy;
        (mortal.Inner, mortal.Death) = (inner, this);
        return proxy;
    }

    /// <summary>Whoever awaits a dead process waits for ever: nothing of it runs any more.</summary>
    public async Task<T> LiveAsync<T>(Func<Task<T>> call)
    {
        var isLast = Interlocked.Increment(ref calls) == atCall;
        if (died.Task.IsCompleted || isLast && !after)
        {
            died.TrySetResult();
            await new TaskCompletionSource().Task;
        }

        var result = await call();
        if (died.Task.IsCompleted || isLast)
        {
            died.TrySetResult();
            await new TaskCompletionSource().Task;
        }

        return result;
    }
}

/// <summary>An interface whose calls <see cref="Death"/> counts.</summary>
public class Mortal : DispatchProxy
{
    internal object Inner { get; set; } = new();

    internal Death? Death { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        object? Call() => targetMethod!.Invoke(Inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        var type = targetMethod!.ReturnType;
        if (type == typeof(Task))
        {
            return Death!.LiveAsync(async () =>
            {
                await (Task)Call()!;
                return true;
            });
        }

        return GetType().BaseType!.GetMethod(nameof(LiveAsync), BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(type.GetGenericArguments()).Invoke(this, [(Func<object?>)Call]);
    }

    protected Task<T> LiveAsync<T>(Func<object?> call) => Death!.LiveAsync(() => (Task<T>)call()!);
}
