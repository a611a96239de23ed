using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Records: streamed with a collection's progress, by their changes, or exported.</summary>
internal sealed partial class TikTokArenaGrpc
{
    public override async Task CollectRecords(CollectRecordsRequest request, IServerStreamWriter<CollectRecordsResponse> responseStream, ServerCallContext context)
    {
        var labId = context.Identity().LabId;
        var submitted = await commands.SubmitAsync(labId, context.Identity().Caller, request.RequestId, request.Spec, context.CancellationToken);
        var collectionId = submitted.Collection.CollectionId;
        var sequence = RecordCursors.Read(request.Cursor, collectionId);
        await foreach (var status in FollowAsync(collectionId, afterSequence: -1, context))
        {
            var facts = await reports.FactsAsync(labId, collectionId, context.CancellationToken);
            var before = sequence;
            await foreach (var change in records.StreamAsync(labId, RecordViews.Of(facts), sequence, context.CancellationToken))
            {
                sequence = change.Sequence;
                await responseStream.WriteAsync(new() { Record = change.Change, Cursor = RecordCursors.Write(collectionId, sequence) }, context.CancellationToken);
            }

            if (sequence > before)
            {
                var cursor = RecordCursors.Write(collectionId, sequence);
                await responseStream.WriteAsync(new() { Checkpoint = new() { Cursor = cursor }, Cursor = cursor }, context.CancellationToken);
            }

            foreach (var gap in IsFinal(status) ? status.Gaps : [])
            {
                await responseStream.WriteAsync(new() { Gap = gap }, context.CancellationToken);
            }

            await responseStream.WriteAsync(new() { Progress = status }, context.CancellationToken);
        }
    }

    public override async Task StreamRecords(StreamRecordsRequest request, IServerStreamWriter<StreamRecordsResponse> responseStream, ServerCallContext context)
    {
        var labId = context.Identity().LabId;
        var facts = await reports.FactsAsync(labId, request.CollectionId, context.CancellationToken);
        var after = RecordCursors.Read(request.Cursor, request.CollectionId);
        await foreach (var change in records.StreamAsync(labId, RecordViews.Of(facts), after, context.CancellationToken))
        {
            await responseStream.WriteAsync(new() { Change = change.Change, Cursor = RecordCursors.Write(request.CollectionId, change.Sequence) }, context.CancellationToken);
        }
    }

    public override async Task ExportRecords(ExportRecordsRequest request, IServerStreamWriter<ExportRecordsResponse> responseStream, ServerCallContext context)
    {
        var identity = context.Identity();
        if (request.Identified && !identity.Has(Right.Identify))
        {
            throw new MeshException(ErrorReason.PermissionDenied, "An identified export needs the right `identify`.");
        }

        await records.WaitUntilNormalizedAsync(identity.LabId, request.CollectionId, context.CancellationToken);
        var collections = await records.CollectionsAsync(identity.LabId, request.CollectionId, context.CancellationToken);
        var type = request.Type is DocumentType.Unspecified && request.CollectionId.Length > 0 ? RecordViews.Makes(collections[0]) : request.Type;
        var summary = new ExportSummary();
        await foreach (var part in records.ExportAsync(identity, [.. collections.Select(facts => RecordViews.Of(facts, request.Identified, type))], context.CancellationToken))
        {
            summary.Records += part.Records;
            await responseStream.WriteAsync(new() { Chunk = part.Chunk }, context.CancellationToken);
        }

        foreach (var facts in collections)
        {
            summary.Gaps.Add(Progress.Of(facts).Gaps);
            if (!facts.Collection.HasEnded)
            {
                summary.UnfinishedCollectionIds.Add(facts.Collection.CollectionId);
            }
        }

        await responseStream.WriteAsync(new() { Summary = summary }, context.CancellationToken);
    }

    private static bool IsFinal(CollectionStatus status) =>
        status.State is CollectionState.Complete or CollectionState.CompleteWithGaps or CollectionState.Cancelled or CollectionState.Failed;
}
