using Grpc.Core;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The caller of a gRPC method, as the identity interceptor found it.</summary>
public static class GrpcIdentity
{
    private static readonly object Key = new();

    /// <summary>Who calls. Every method behind the identity interceptor has one.</summary>
    public static ICallerIdentity Identity(this ServerCallContext context) => (ICallerIdentity)context.UserState[Key];

    internal static void Identify(this ServerCallContext context, ICallerIdentity identity) => context.UserState[Key] = identity;
}
