using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using IssueObservatory.Mesh.V1;
using RichStatus = Google.Rpc.Status;
using Status = Grpc.Core.Status;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The one table between errors of ours and gRPC's statuses, in both directions (google.rpc.Status in <c>grpc-status-details-bin</c>).</summary>
public static class GrpcErrors
{
    /// <summary>Domain of google.rpc.ErrorInfo.</summary>
    public const string Domain = "mesh.issueobservatory";

    private const string DetailsTrailer = "grpc-status-details-bin";

    // Trailers share a limit of a few kilobytes at many clients.
    private const int LongestMessage = 1000;
    private const int MostViolations = 20;

    private static readonly Dictionary<ErrorReason, StatusCode> Codes = new()
    {
        [ErrorReason.BadInput] = StatusCode.InvalidArgument,
        [ErrorReason.NotFound] = StatusCode.NotFound,
        [ErrorReason.RequestIdReused] = StatusCode.AlreadyExists,
        [ErrorReason.NoCredential] = StatusCode.FailedPrecondition,
        [ErrorReason.CredentialRejected] = StatusCode.FailedPrecondition,
        [ErrorReason.StateForbids] = StatusCode.FailedPrecondition,
        [ErrorReason.ForecastExceeded] = StatusCode.FailedPrecondition,
        [ErrorReason.TierUnavailable] = StatusCode.FailedPrecondition,
        [ErrorReason.QuotaExhausted] = StatusCode.ResourceExhausted,
        [ErrorReason.Unauthenticated] = StatusCode.Unauthenticated,
        [ErrorReason.PermissionDenied] = StatusCode.PermissionDenied,
        [ErrorReason.Unavailable] = StatusCode.Unavailable,
        [ErrorReason.Internal] = StatusCode.Internal,
    };

    /// <summary>What a failed call says. A status without details of ours is read as well as it can be.</summary>
    public static MeshError Read(RpcException failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        return TryRead(failed, out var error) ? error : failed.StatusCode switch
        {
            StatusCode.Unavailable => new MeshError(ErrorReason.Unavailable, "The service cannot be reached now."),

            // Made up by the client from a connection that broke; no service said it.
            StatusCode.Internal when failed.Status.DebugException is HttpRequestException or IOException => new MeshError(ErrorReason.Unavailable, "The connection to the service broke."),
            StatusCode.DeadlineExceeded => new MeshError(ErrorReason.Unavailable, "The service did not answer in time."),
            StatusCode.Cancelled => new MeshError(ErrorReason.Unavailable, "The service ended the call before its answer was complete."),
            StatusCode.Unauthenticated => new MeshError(ErrorReason.Unauthenticated, "The service does not know the key."),
            _ => new MeshError(ErrorReason.Internal, $"The service answered {failed.StatusCode}."),
        };
    }

    /// <summary>Reads our own details; false when there are none.</summary>
    internal static bool TryRead(RpcException failed, [NotNullWhen(true)] out MeshError? error)
    {
        error = null;
        if (failed.Trailers.GetValueBytes(DetailsTrailer) is not { } bytes)
        {
            return false;
        }

        try
        {
            var status = RichStatus.Parser.ParseFrom(bytes);
            if (Detail<ErrorInfo>(status) is not { Domain: Domain } info)
            {
                return false;
            }

            error = new MeshError(ErrorReasonNames.Parse(info.Type) is var reason and not ErrorReason.Unspecified ? reason : ErrorReason.Internal, status.Message)
            {
                Metadata = info.Metadata.ToDictionary(StringComparer.Ordinal),
                Violations = [.. (Detail<BadRequest>(status)?.FieldViolations ?? []).Select(violation => new FieldViolation(violation.Field, violation.Description))],
                RetryAfter = Detail<RetryInfo>(status)?.RetryDelay?.ToTimeSpan(),
            };
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <summary>
    /// What another service's error means to our own caller: the same, unless it is about ourselves,
    /// for a key or right that the mesh lacks is a defect of the mesh and not of the caller.
    /// </summary>
    internal static MeshException FromDownstream(MeshError error, Exception? cause = null) =>
        (error.Reason is ErrorReason.Unauthenticated or ErrorReason.PermissionDenied ? new MeshError(ErrorReason.Internal, error.Message) : error).ToException(cause!);

    /// <summary>The status and trailers for an error.</summary>
    internal static RpcException Write(MeshException error)
    {
        var code = Codes.GetValueOrDefault(error.Reason, StatusCode.Internal);
        var reason = code is StatusCode.Internal ? ErrorReason.Internal : error.Reason;
        var message = code is StatusCode.Internal ? "The mesh failed; its log says where." : Shorten(error.Message);
        
        // Field 1 of ErrorInfo is `reason` in today's google/rpc/error_details.proto; the package has an older text with the name `type`.
        var info = new ErrorInfo { Domain = Domain, Type = ErrorReasonNames.Of(reason) };
        var status = new RichStatus { Code = (int)code, Message = message };
        if (code is not StatusCode.Internal)
        {
            info.Metadata.Add(error.Metadata.ToDictionary(StringComparer.Ordinal));
        }

        status.Details.Add(Any.Pack(info));
        if (error.Violations.Count > 0 && code is StatusCode.InvalidArgument)
        {
            var violations = error.Violations.Take(MostViolations).Select(violation => new BadRequest.Types.FieldViolation { Field = violation.Field, Description = Shorten(violation.Description) });
            status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { violations } }));
        }

        if (code is StatusCode.ResourceExhausted)
        {
            status.Details.Add(Any.Pack(new QuotaFailure { Violations = { new QuotaFailure.Types.Violation { Subject = "daily_quota", Description = message } } }));
        }

        if (error.RetryAfter is { } pause && code is not StatusCode.Internal)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(pause) }));
        }

        return new RpcException(new Status(code, message), new Metadata { { DetailsTrailer, status.ToByteArray() } });
    }

    private static T? Detail<T>(RichStatus status)
        where T : class, IMessage<T>, new() =>
        status.Details.Select(any => any.TryUnpack<T>(out var detail) ? detail : null).FirstOrDefault(detail => detail is not null);

    private static string Shorten(string text) => text.Length <= LongestMessage ? text : string.Concat(text.AsSpan(0, LongestMessage), "…");
}
