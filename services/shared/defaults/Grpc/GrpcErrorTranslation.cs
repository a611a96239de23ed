using System.Diagnostics;
using Grpc.Core;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Turns whatever a call throws into a status with details; what is not ours to tell becomes INTERNAL and is logged once.</summary>
internal sealed partial class GrpcErrorTranslation(IHostApplicationLifetime lifetime, MeshListeners listeners, TimeProvider time, ILogger<GrpcErrorTranslation> logger) : GrpcAroundCall
{
    protected override async Task<T> AroundAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception thrown)
        {
            throw await TranslateAsync(thrown, context);
        }
    }

    private async Task<RpcException> TranslateAsync(Exception thrown, ServerCallContext context)
    {
        switch (thrown)
        {
            case MeshException { Reason: not (ErrorReason.Internal or ErrorReason.Unspecified) } error:
                return await FinalAsync(error, context);
            case RpcException passed when GrpcErrors.TryRead(passed, out var error):
                return await FinalAsync(GrpcErrors.FromDownstream(error), context);
        }

        // A caller that left or ran out of time makes whatever happens to follow; a host that stops as well.
        if (context.CancellationToken.IsCancellationRequested || thrown is OperationCanceledException)
        {
            if (context.Deadline != DateTime.MaxValue && context.Deadline <= time.GetUtcNow().UtcDateTime)
            {
                return new RpcException(new Status(StatusCode.DeadlineExceeded, "The call's deadline has passed."));
            }

            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return GrpcErrors.Write(new MeshException(ErrorReason.Unavailable, "This host is stopping; call again."));
            }

            if (context.CancellationToken.IsCancellationRequested)
            {
                return new RpcException(new Status(StatusCode.Cancelled, "The caller ended the call."));
            }
        }

        Log.Failed(logger, context.Method, Types(thrown), Place(thrown));
        Activity.Current?.SetTag("error.type", thrown.GetType().FullName);
        return await FinalAsync(new MeshException(ErrorReason.Internal, thrown.Message), context);
    }

    /// <summary>What a service has decided, another process of it would decide as well: an answer that begins with headers tells our channels not to ask there.</summary>
    private async Task<RpcException> FinalAsync(MeshException error, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (!http.Response.HasStarted && listeners.IsInternal(http.Connection.LocalPort))
        {
            await context.WriteResponseHeadersAsync([]);
        }

        return GrpcErrors.Write(error);
    }

    // Messages of foreign exceptions may hold texts of others; their types and the place may not.
    private static string Types(Exception thrown) => thrown.InnerException is { } inner ? $"{thrown.GetType().Name} from {Types(inner)}" : thrown.GetType().Name;

    private static string Place(Exception thrown) => thrown.StackTrace?.Split('\n', 2)[0].Trim() ?? "an unknown place";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed with {ExceptionTypes} {Place}.")]
        public static partial void Failed(ILogger logger, string method, string exceptionTypes, string place);
    }
}
