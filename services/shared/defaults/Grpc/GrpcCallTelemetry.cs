using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Gives the span of a call its name and outcome, measures it and logs it.</summary>
internal sealed partial class GrpcCallTelemetry(TimeProvider time, ILogger<GrpcCallTelemetry> logger) : GrpcAroundCall
{
    private static readonly Histogram<double> Duration = MeshTelemetry.Meter.CreateHistogram<double>("rpc.server.call.duration", "s", "Duration of calls that this host served.");

    protected override async Task<T> AroundAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        var begun = time.GetTimestamp();
        var outcome = StatusCode.OK;
        try
        {
            return await call();
        }
        catch (RpcException failed)
        {
            outcome = failed.StatusCode;
            throw;
        }
        finally
        {
            var method = context.Method.TrimStart('/');
            var elapsed = time.GetElapsedTime(begun);
            Describe(Activity.Current, method, outcome);
            Duration.Record(elapsed.TotalSeconds, new TagList { { "rpc.system", "grpc" }, { "rpc.method", method }, { "rpc.grpc.status_code", (int)outcome } });
            Log.Called(logger, method, outcome, elapsed.TotalMilliseconds);
        }
    }

    private static void Describe(Activity? span, string method, StatusCode outcome)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        var slash = method.IndexOf('/', StringComparison.Ordinal);
        span.DisplayName = method;
        span.SetTag("rpc.system", "grpc");
        span.SetTag("rpc.service", method[..slash]);
        span.SetTag("rpc.method", method[(slash + 1)..]);
        span.SetTag("rpc.grpc.status_code", (int)outcome);
        if (outcome is StatusCode.Unknown or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss or StatusCode.DeadlineExceeded or StatusCode.Unimplemented)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} ended with {Outcome} after {Milliseconds:F1} ms.")]
        public static partial void Called(ILogger logger, string method, StatusCode outcome, double milliseconds);
    }
}
