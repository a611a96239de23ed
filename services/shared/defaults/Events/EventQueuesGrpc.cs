using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The queues between the services, for operators; the same in every host.</summary>
internal sealed class EventQueuesGrpc(IDeadLetters letters) : EventQueues.EventQueuesBase
{
    private const int UsualPage = 100;
    private const int LargestPage = 1000;

    public override async Task<ListDeadLettersResponse> ListDeadLetters(ListDeadLettersRequest request, ServerCallContext context)
    {
        if (request.PageSize < 0)
        {
            throw MeshException.BadInput("page_size", "page_size must not be negative.");
        }

        var most = request.PageSize == 0 ? UsualPage : Math.Min(request.PageSize, LargestPage);
        var (found, more) = await letters.ListAsync(request.Queue, most, context.CancellationToken);
        return new ListDeadLettersResponse { DeadLetters = { found.Select(ToProto) }, HasMore = more, AreKept = letters.AreKept };
    }

    public override async Task<ReplayDeadLettersResponse> ReplayDeadLetters(ReplayDeadLettersRequest request, ServerCallContext context)
    {
        var (replayed, left) = await letters.ReplayAsync(request.Queue, context.CancellationToken);
        return new ReplayDeadLettersResponse { Replayed = replayed, Remaining = left, AreKept = letters.AreKept };
    }

    private static V1.DeadLetter ToProto(DeadLetter letter) => new()
    {
        EventId = letter.EventId,
        Queue = letter.Queue,
        Reason = letter.Reason,
        Tries = letter.Tries,
        DiedAt = letter.DiedAt?.ToTimestamp(),
    };
}
