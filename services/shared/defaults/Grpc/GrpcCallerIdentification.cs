using Grpc.Core;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Finds out who calls, on which port, and whether the method is for them; refuses everybody else.</summary>
internal sealed class GrpcCallerIdentification(GrpcAccess access, MeshListeners listeners, InternalKey internalKey, ICallerKeys callerKeys) : GrpcAroundCall
{
    private const string Bearer = "Bearer ";

    protected override Task<T> AroundAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        var wanted = access.Of(context.Method);
        if (wanted is not Access.Public)
        {
            context.Identify(listeners.IsInternal(context.GetHttpContext().Connection.LocalPort) ? Service(context, wanted) : Caller(context, wanted));
        }

        return call();
    }

    private CallerIdentity Service(ServerCallContext context, Access wanted)
    {
        if (context.RequestHeaders.GetValue(GrpcLab.KeyHeader) is not { } key || !AccessKey.Same(key, internalKey.Key))
        {
            throw new MeshException(ErrorReason.Unauthenticated, "This port is for services of the mesh, which prove themselves by the internal key.");
        }

        if (wanted is Access.Unspecified)
        {
            throw Denied(context, "The method does not say who may call it.");
        }

        return context.RequestHeaders.GetValue(GrpcLab.Header) is { Length: > 0 } lab
            ? new CallerIdentity { LabId = lab, Caller = context.RequestHeaders.GetValue(GrpcLab.CallerHeader) ?? "mesh", IsMesh = true }
            : throw MeshException.BadInput(GrpcLab.Header, $"The header {GrpcLab.Header} must name the lab on whose behalf the call is made.");
    }

    private ICallerIdentity Caller(ServerCallContext context, Access wanted)
    {
        // Before the key: on this port these methods do not exist for anybody.
        Right? needed = wanted switch
        {
            Access.Read => Right.Read,
            Access.Collect => Right.Collect,
            Access.Admin => Right.Admin,
            _ => null,
        };
        if (needed is not { } right)
        {
            throw Denied(context, "The method is not served on the callers' port.");
        }

        if (context.RequestHeaders.GetValue("authorization") is not { } header
            || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || callerKeys.Find(header[Bearer.Length..].Trim()) is not { } caller)
        {
            throw new MeshException(ErrorReason.Unauthenticated, "Send a known key in the header `authorization: Bearer KEY`.");
        }

        return caller.Has(right) ? caller : throw Denied(context, $"The caller lacks the right `{right.ToString().ToLowerInvariant()}`.");
    }

    private static MeshException Denied(ServerCallContext context, string message) => new(ErrorReason.PermissionDenied, message)
    {
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["method"] = context.Method.TrimStart('/') },
    };
}
