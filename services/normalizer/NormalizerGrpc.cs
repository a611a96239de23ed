using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>The edge: checks, calls, maps, replies.</summary>
internal sealed partial class NormalizerGrpc(IRecordStore store, RecordPresenter presenter, QuarantineReplay replay, ILogger<NormalizerGrpc> logger) : V1.Normalizer.NormalizerBase
{
    private const int DefaultPageSize = 100;
    private const int LargestPageSize = 1000;

    public override async Task StreamRecords(NormalizerStreamRecordsRequest request, IServerStreamWriter<NormalizerStreamRecordsResponse> responseStream, ServerCallContext context)
    {
        if (request.AfterSequence < 0)
        {
            throw MeshException.BadInput("after_sequence", "after_sequence must be 0 (from the first) or more.");
        }

        var caller = context.Identity();
        var selection = Allowed(RecordSelections.Of(request.View), caller);
        var answer = presenter.Begin(caller.LabId, selection);
        var sent = 0L;
        try
        {
            var after = request.AfterSequence;
            ChangeBatch batch;
            do
            {
                batch = await store.ListChangesAsync(caller.LabId, selection, after, context.CancellationToken);
                foreach (var change in batch.Changes)
                {
                    await responseStream.WriteAsync(ResponseOf(change, answer, request.AfterSequence), context.CancellationToken);
                    sent++;
                }

                after = batch.Through;
            }
            while (batch.More);
        }
        finally
        {
            Audit(selection.Identified, caller, sent);
        }
    }

    public override async Task ExportRecords(NormalizerExportRecordsRequest request, IServerStreamWriter<NormalizerExportRecordsResponse> responseStream, ServerCallContext context)
    {
        var caller = context.Identity();
        RecordSelection[] selections = [.. request.Views.Select(view => Allowed(RecordSelections.Of(view), caller))];
        if (selections.Any(selection => selection.Type != selections[0].Type))
        {
            throw MeshException.BadInput("views", "views must all ask for the same type: records, or one type of documents.");
        }

        var sent = 0L;
        try
        {
            var batches = store.ListSortedAsync(caller.LabId, selections, context.CancellationToken);
            await foreach (var (lines, records) in ExportChunks.Of(batches, presenter.Begin(caller.LabId, selections), context.CancellationToken))
            {
                await responseStream.WriteAsync(new NormalizerExportRecordsResponse { Chunk = ByteString.CopyFrom(lines.Span), Records = records }, context.CancellationToken);
                sent += records;
            }
        }
        finally
        {
            Audit(selections.Any(selection => selection.Identified), caller, sent);
        }
    }

    public override async Task<CountRecordsResponse> CountRecords(CountRecordsRequest request, ServerCallContext context)
    {
        var count = await store.CountAsync(context.Identity().LabId, RecordSelections.Of(request.View), context.CancellationToken);
        return new CountRecordsResponse { Records = count.Records, ByClause = { count.ByClause.ToDictionary() } };
    }

    public override async Task ListSubjects(ListSubjectsRequest request, IServerStreamWriter<ListSubjectsResponse> responseStream, ServerCallContext context)
    {
        var caller = context.Identity();
        var subjects = new RecordSubjects(request.Endpoint);
        var sent = 0L;
        try
        {
            await foreach (var batch in store.ListSortedAsync(caller.LabId, [subjects.Narrow(RecordSelections.Of(request.View))], context.CancellationToken))
            {
                foreach (var (subject, items) in subjects.Of(batch))
                {
                    await responseStream.WriteAsync(new ListSubjectsResponse { Subject = subject, Items = items }, context.CancellationToken);
                    sent++;
                }
            }
        }
        finally
        {
            Audit(subjects.AreNames, caller, sent);
        }
    }

    public override async Task ListItems(ListItemsRequest request, IServerStreamWriter<ListItemsResponse> responseStream, ServerCallContext context)
    {
        RecordSelection[] selections = [.. request.Views.Select(view => RecordSelections.Of(view) with { Type = null, Identified = false })];
        await foreach (var batch in store.ListSortedAsync(context.Identity().LabId, selections, context.CancellationToken))
        {
            foreach (var record in batch.Select(item => item.Stored).OfType<StoredRecord>())
            {
                await responseStream.WriteAsync(new ListItemsResponse { Item = RecordMessages.ItemOf(record) }, context.CancellationToken);
            }
        }
    }

    public override async Task<GetRecordResponse> GetRecord(GetRecordRequest request, ServerCallContext context)
    {
        if (request.PlatformId.Length == 0)
        {
            throw MeshException.BadInput("platform_id", "platform_id is missing; give TikTok's id of a video or comment.");
        }

        var lab = context.Identity().LabId;
        var record = await store.FindAsync(lab, request.PlatformId, context.CancellationToken) ?? throw MeshException.NotFound($"Record {request.PlatformId}");
        return new GetRecordResponse { Record = RecordMessages.Of(presenter.Begin(lab).Of(new(record, [], Sequence: 0))) };
    }

    public override async Task<ListQuarantinedResponse> ListQuarantined(ListQuarantinedRequest request, ServerCallContext context)
    {
        if (request.PageSize < 0)
        {
            throw MeshException.BadInput("page_size", "page_size must be 0 (100 items) or more.");
        }

        var limit = request.PageSize == 0 ? DefaultPageSize : Math.Min(request.PageSize, LargestPageSize);
        var items = await store.ListQuarantinedAsync(context.Identity().LabId, CursorOf(request.PageToken), limit + 1, context.CancellationToken);
        var response = new ListQuarantinedResponse
        {
            Items =
            {
                items.Take(limit).Select(item => new QuarantinedItem
                {
                    ItemId = item.ItemId,
                    PageId = item.PageId,
                    Position = item.Position,
                    Reason = item.Reason,
                    QuarantinedAt = Timestamp.FromDateTimeOffset(item.QuarantinedAt),
                }),
            },
        };
        if (items.Count > limit)
        {
            var (at, id) = items[limit - 1].Cursor;
            response.NextPageToken = string.Create(CultureInfo.InvariantCulture, $"{at}-{id}");
        }

        return response;
    }

    public override async Task<ReplayQuarantinedResponse> ReplayQuarantined(ReplayQuarantinedRequest request, ServerCallContext context)
    {
        var (released, remaining) = await replay.RunAsync(context.Identity().LabId, request.ItemId.Length > 0 ? request.ItemId : null, context.CancellationToken);
        return new ReplayQuarantinedResponse { Released = released, Remaining = remaining };
    }

    private static NormalizerStreamRecordsResponse ResponseOf(ViewedItem item, RecordPresenter.Answer answer, long after)
    {
        var change = new RecordChange { Kind = item.Holders[0].Membership.FirstSequence > after ? ChangeKind.New : ChangeKind.Updated };
        if (item.Stored.Type.IsRecord())
        {
            change.Record = RecordMessages.Of(answer.Of(item));
        }
        else
        {
            change.Document = RecordMessages.Of(answer.DocumentOf(item));
        }

        return new() { Sequence = item.Sequence, Change = change };
    }

    private static RecordSelection Allowed(RecordSelection selection, ICallerIdentity caller) => !selection.Identified || caller.Has(Right.Identify)
        ? selection
        : throw new MeshException(ErrorReason.PermissionDenied, "Names need the right records.identify.");

    private static QuarantineCursor? CursorOf(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        var dash = token.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(token.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new QuarantineCursor(at, token[(dash + 1)..])
            : throw MeshException.BadInput("page_token", "page_token must be the next_page_token of an earlier answer, or empty.");
    }

    private void Audit(bool identified, ICallerIdentity caller, long records)
    {
        if (identified)
        {
            Log.NamesWereRead(logger, caller.Caller, caller.LabId, records);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Audit: {Caller} of lab {LabId} read {Records} records with names.")]
        public static partial void NamesWereRead(ILogger logger, string caller, string labId, long records);
    }
}
