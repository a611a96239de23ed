using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.Contracts.Defaults;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using NormalizerClient = IssueObservatory.Mesh.V1.Normalizer.NormalizerClient;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>The whole service over real ports: the event comes in, records come out.</summary>
public sealed class NormalizerGrpcTests : IAsyncLifetime
{
    private const string Lab = "lab-1";
    private const string Canary = "kanariefugl_4711";
    private static readonly DateTimeOffset Fetched = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-normalizer-").FullName;
    private readonly ConcurrentDictionary<string, GetPageResponse> pages = new(StringComparer.Ordinal);
    private readonly BlockingCollection<PageNormalized> published = [];
    private DefaultsHost host = null!;
    private NormalizerClient client = null!;

    public async ValueTask InitializeAsync()
    {
        host = await DefaultsHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(new DataFolder(folder)).AddSingleton(pages).AddSingleton(published);
                builder.Services.AddEventHandler<PageNormalized, PageNormalizedSink>("collector");
                builder.AddNormalizer();
            },
            app =>
            {
                app.MapNormalizer();
                app.MapGrpcService<FakeCollector>();
            },
            settings: null,
            "normalizer",
            "collector");
        client = new NormalizerClient(host.Internal);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        published.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_stored_page_becomes_records_that_stream_export_and_count()
    {
        var told = await TakeAsync("p", Item(2, "anna"), Item(1, Canary), "7");
        (told.Received, told.New, told.Quarantined).ShouldBe((3, 2, 1));

        var changes = await StreamAsync(View(), 0);
        changes.Select(change => (change.Sequence, change.Change.Kind, change.Change.Record.PlatformId)).ShouldBe([(1L, ChangeKind.New, "2"), (2L, ChangeKind.New, "1")]);
        changes[0].Change.Record.SearchTermsMatched.ShouldBe(["#DKpol"]);
        changes[0].Change.Record.HasUrl.ShouldBeFalse();

        await TakeAsync("q", Item(2, "anna"));
        (await StreamAsync(View(), 2)).ShouldHaveSingleItem().Change.Kind.ShouldBe(ChangeKind.Updated);
        (await StreamAsync(View(), 3)).ShouldBeEmpty();

        var lines = (await ExportAsync(View())).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[0].ShouldContain("\"platform_id\":\"1\"");
        var count = await client.CountRecordsAsync(new CountRecordsRequest { View = View() }, host.AsService(Lab));
        (count.Records, count.ByClause["dkpol"]).ShouldBe((2, 2));

        var one = await client.GetRecordAsync(new GetRecordRequest { PlatformId = "1" }, host.AsService(Lab));
        one.Record.PlatformId.ShouldBe("1");
        one.Record.HasCollectionRunId.ShouldBeFalse();
    }

    [Fact]
    public async Task Names_come_only_with_a_line_in_the_log_that_holds_none()
    {
        await TakeAsync("p", Item(1, Canary));
        (await ExportAsync(View())).ShouldNotContain(Canary);
        LogText().ShouldNotContain("Audit:");

        var view = View();
        view.Identified = true;
        (await ExportAsync(view)).ShouldContain($"https://www.tiktok.com/@{Canary}/video/1");
        (await StreamAsync(view, 0)).ShouldHaveSingleItem().Change.Record.AuthorPlatformId.ShouldBe(Canary);
        LogText().ShouldContain("Audit:");
        LogText().ShouldNotContain(Canary);
    }

    [Fact]
    public async Task Views_are_for_the_mesh_and_single_records_for_readers()
    {
        await TakeAsync("p", Item(1, "anna"));
        var callers = new NormalizerClient(host.Callers);
        (await callers.GetRecordAsync(new GetRecordRequest { PlatformId = "1" }, DefaultsHost.AsCaller(KnownCallers.Reader))).Record.PlatformId.ShouldBe("1");
        (await Should.ThrowAsync<RpcException>(callers.CountRecordsAsync(new CountRecordsRequest { View = View() }, DefaultsHost.AsCaller(KnownCallers.Reader)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Should.ThrowAsync<RpcException>(client.GetRecordAsync(new GetRecordRequest { PlatformId = "1" }, host.AsService("lab-2")).ResponseAsync)).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Bad_input_is_named()
    {
        var wrong = View();
        wrong.Days["dkpol"].From = "2026-02-30";
        (await Should.ThrowAsync<RpcException>(client.CountRecordsAsync(new CountRecordsRequest { View = wrong }, host.AsService(Lab)).ResponseAsync)).Status.Detail.ShouldContain("YYYY-MM-DD");
        (await Should.ThrowAsync<RpcException>(client.CountRecordsAsync(new CountRecordsRequest(), host.AsService(Lab)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcException>(client.GetRecordAsync(new GetRecordRequest(), host.AsService(Lab)).ResponseAsync)).Status.Detail.ShouldContain("platform_id");
        (await Should.ThrowAsync<RpcException>(client.ListQuarantinedAsync(new ListQuarantinedRequest { PageToken = "x" }, host.AsService(Lab)).ResponseAsync)).Status.Detail.ShouldContain("page_token");
    }

    [Fact]
    public async Task A_list_streams_documents_and_exports_one_type_of_them()
    {
        var told = await TakeListAsync("f", ApiEndpoint.Followers, Canary, $$"""{"user_followers":[{"username":"bo","display_name":"{{Canary}} B"},{"username":"anna"}]}""");
        (told.Received, told.New, told.Videos.Count).ShouldBe((2, 2, 0));
        await TakeListAsync("c", ApiEndpoint.Comments, "12", $$"""{"comments":[{"id":7,"text":"hej @{{Canary}}","display_name":"{{Canary}}","create_time":1768032000}]}""");

        var view = ListView(DocumentType.Follow);
        var changes = await StreamAsync(view, 0);
        changes.Select(change => (change.Change.Document?.Type, change.Change.Record?.ContentType)).ShouldBe([(DocumentType.Follow, null), (DocumentType.Follow, null), (null, "comment")]);
        var follow = changes[0].Change.Document;
        follow.Fields.Fields.Keys.ShouldBe(["follower", "followed"], ignoreOrder: true);
        follow.Key.ShouldBe($"{follow.Fields.Fields["follower"].StringValue}:{follow.Fields.Fields["followed"].StringValue}");
        follow.Withheld.ShouldBe(["follower_username", "followed_username", "follower_display_name"]);
        (follow.Id, follow.CollectedAt.ToDateTimeOffset()).ShouldBe((IssueObservatory.Mesh.Ucr.RecordId.Of(Lab, "tiktok", $"follow:{follow.Key}").ToString(), Fetched));
        changes[2].Change.Record.RawMetadata.Fields["parent_post_id"].StringValue.ShouldBe("12");

        var plain = await ExportAsync(view);
        plain.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        (plain + await ExportAsync(ListView(DocumentType.Unspecified)) + LogText() + string.Concat(changes)).ShouldNotContain(Canary);
        (await client.CountRecordsAsync(new CountRecordsRequest { View = view }, host.AsService(Lab))).Records.ShouldBe(3);
        (await client.GetRecordAsync(new GetRecordRequest { PlatformId = "7" }, host.AsService(Lab))).Record.ContentType.ShouldBe("comment");

        view.Identified = true;
        (await ExportAsync(view)).ShouldContain($"\"follower_display_name\":\"{Canary} B\"");
        (await StreamAsync(view, 0))[2].Change.Record.AuthorDisplayName.ShouldBe(Canary);
        LogText().ShouldContain("Audit:");
        LogText().ShouldNotContain(Canary);
        using var mixed = client.ExportRecords(new NormalizerExportRecordsRequest { Views = { view, ListView(DocumentType.Shop) } }, host.AsService(Lab));
        (await Should.ThrowAsync<RpcException>(async () => await mixed.ResponseStream.MoveNext(CancellationToken.None))).Status.Detail.ShouldContain("views");
    }

    [Fact]
    public async Task Items_are_each_once_whatever_views_hold_them_and_nothing_of_their_content()
    {
        await TakeAsync("p", Item(2, "anna"), Item(1, Canary));

        using var call = client.ListItems(new ListItemsRequest { Views = { View(), View() } }, host.AsService(Lab));
        List<KeptItem> items = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            items.Add(call.ResponseStream.Current.Item);
        }

        items.Select(item => (item.PlatformId, item.Kind, item.ReadAt.ToDateTimeOffset())).ShouldBe([("1", CheckedItems.Videos, Fetched), ("2", CheckedItems.Videos, Fetched)], ignoreOrder: true);
        items.ShouldAllBe(item => item.PublishedAt.ToDateTimeOffset() < Fetched);
        LogText().ShouldNotContain("Audit:");
        using var none = client.ListItems(new ListItemsRequest(), host.AsService(Lab));
        (await none.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Subjects_of_lists_are_the_videos_with_comments_or_their_authors()
    {
        await TakeAsync("p", Item(2, "anna"), Item(1, Canary));
        (await SubjectsAsync(ApiEndpoint.Comments)).ShouldBe([("1", 0L), ("2", 0L)], ignoreOrder: true);
        LogText().ShouldNotContain("Audit:");
        (await SubjectsAsync(ApiEndpoint.UserInfo)).ShouldBe([("anna", 1L), (Canary, 1L)], ignoreOrder: true);
        LogText().ShouldContain("Audit:");
        LogText().ShouldNotContain(Canary);
        (await Should.ThrowAsync<RpcException>(() => SubjectsAsync(ApiEndpoint.Followers))).Status.Detail.ShouldContain("endpoint");
    }

    [Fact]
    public async Task The_quarantine_is_listed_and_replayed()
    {
        await TakeAsync("p", "7", "8", "9");
        var first = await client.ListQuarantinedAsync(new ListQuarantinedRequest { PageSize = 2 }, host.AsService(Lab));
        var second = await client.ListQuarantinedAsync(new ListQuarantinedRequest { PageSize = 2, PageToken = first.NextPageToken }, host.AsService(Lab));
        (first.Items.Count, second.Items.Count, second.NextPageToken).ShouldBe((2, 1, ""));
        first.Items.Concat(second.Items).Select(item => item.Position).Order().ShouldBe([0, 1, 2]);

        pages[$"{Lab}/p"] = Answer("p", Item(1, "anna"), Item(2, "anna"), "9");
        var replayed = await client.ReplayQuarantinedAsync(new ReplayQuarantinedRequest(), host.AsService(Lab));
        (replayed.Released, replayed.Remaining).ShouldBe((2, 1));
        published.Take(Patience().Token).New.ShouldBe(2);
    }

    private string LogText() => string.Join('\n', host.Logs.All.Select(record => record.Text));

    private static CancellationTokenSource Patience() => new(TimeSpan.FromSeconds(20));

    private static string Item(long id, string username) =>
        $"{{\"id\":{id},\"username\":\"{username}\",\"create_time\":{1_768_032_000 + id},\"hashtag_names\":[\"dkpol\"],\"video_description\":\"@{Canary}\",\"view_count\":1}}";

    private static GetPageResponse Answer(string pageId, params string[] items)
    {
        var body = Encoding.UTF8.GetBytes($"{{\"data\":{{\"videos\":[{string.Join(',', items)}]}},\"error\":{{\"code\":\"ok\"}}}}");
        return new GetPageResponse
        {
            Page = new PageInfo
            {
                PageId = pageId,
                Endpoint = ApiEndpoint.VideoQuery,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(body)),
                Status = 200,
                ErrorCode = "ok",
                FetchedAt = Timestamp.FromDateTimeOffset(Fetched),
            },
            Body = ByteString.CopyFrom(body),
            Clauses = { new Clause { ClauseId = "dkpol", Class = ClauseClass.Hashtag, Hashtags = { "dkpol" } } },
            Window = new DayRange { From = "2026-01-01", To = "2026-01-31" },
            Tier = "free",
        };
    }

    private static GetPageResponse ListAnswer(string pageId, ApiEndpoint endpoint, string subject, string data)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"data":{{{data}}},"error":{"code":"ok"}}""");
        var answer = Answer(pageId);
        answer.Page.Endpoint = endpoint;
        answer.Page.Sha256 = Convert.ToHexStringLower(SHA256.HashData(body));
        answer.Body = ByteString.CopyFrom(body);
        answer.Subject = subject;
        answer.Clauses.Clear();
        answer.Clauses.Add(new Clause { ClauseId = $"list-{endpoint}", Class = ClauseClass.List, Endpoint = endpoint, Subject = subject });
        answer.Window = new DayRange { From = "2016-09-01", To = "2026-04-01" };
        return answer;
    }

    private static RecordView ListView(DocumentType type)
    {
        var view = new RecordView { Type = type };
        foreach (var endpoint in (ApiEndpoint[])[ApiEndpoint.Followers, ApiEndpoint.Comments])
        {
            view.Inputs.Add(new ClauseInput { Clause = new Clause { ClauseId = $"list-{endpoint}", Class = ClauseClass.List } });
            view.Days[$"list-{endpoint}"] = new DayRange { From = "2016-09-01", To = "9999-12-31" };
        }

        return view;
    }

    private static RecordView View()
    {
        var view = new RecordView { Inputs = { new ClauseInput { Clause = new Clause { ClauseId = "dkpol" }, Term = "#DKpol" } } };
        view.Days["dkpol"] = new DayRange { From = "2026-01-01", To = "2026-01-31" };
        return view;
    }

    private async Task<PageNormalized> TakeAsync(string pageId, params string[] items)
    {
        pages[$"{Lab}/{pageId}"] = Answer(pageId, items);
        return await AnnounceAsync(pageId);
    }

    private async Task<PageNormalized> TakeListAsync(string pageId, ApiEndpoint endpoint, string subject, string data)
    {
        pages[$"{Lab}/{pageId}"] = ListAnswer(pageId, endpoint, subject, data);
        return await AnnounceAsync(pageId);
    }

    private async Task<List<(string, long)>> SubjectsAsync(ApiEndpoint endpoint)
    {
        using var call = client.ListSubjects(new ListSubjectsRequest { View = View(), Endpoint = endpoint }, host.AsService(Lab));
        List<(string, long)> subjects = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            subjects.Add((call.ResponseStream.Current.Subject, call.ResponseStream.Current.Items));
        }

        return subjects;
    }

    private async Task<PageNormalized> AnnounceAsync(string pageId)
    {
        await host.Services.GetRequiredService<IEvents>().PublishAsync(new PageStored { LabId = Lab, PageId = pageId }, CancellationToken.None);
        using var patience = Patience();
        return published.Take(patience.Token);
    }

    private async Task<List<NormalizerStreamRecordsResponse>> StreamAsync(RecordView view, long after)
    {
        using var call = client.StreamRecords(new NormalizerStreamRecordsRequest { View = view, AfterSequence = after }, host.AsService(Lab));
        List<NormalizerStreamRecordsResponse> changes = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            changes.Add(call.ResponseStream.Current);
        }

        return changes;
    }

    private async Task<string> ExportAsync(RecordView view)
    {
        using var call = client.ExportRecords(new NormalizerExportRecordsRequest { Views = { view } }, host.AsService(Lab));
        var text = new StringBuilder();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            text.Append(call.ResponseStream.Current.Chunk.ToStringUtf8());
        }

        return text.ToString();
    }
}
