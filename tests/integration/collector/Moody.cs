using System.Collections.Concurrent;
using System.Reflection;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>An interface whose calls fail as unavailable while their names are in <see cref="Away"/>.</summary>
public class Moody : DispatchProxy
{
    private object inner = new();

    /// <summary>Names of calls, and how often they were tried meanwhile.</summary>
    public ConcurrentDictionary<string, int> Away { get; } = new(StringComparer.Ordinal);

    public static (T Proxy, Moody Mood) Around<T>(T inner)
        where T : class
    {
        var proxy = Create<T, Moody>();
        var moody = (Moody)(object)proxy;
        moody.inner = inner;
        return (proxy, moody);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (Away.ContainsKey(targetMethod!.Name))
        {
            Away.AddOrUpdate(targetMethod.Name, 1, (_, tries) => tries + 1);
            throw new MeshException(ErrorReason.Unavailable, "The store is away.");
        }

        return targetMethod.Invoke(inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
    }
}
