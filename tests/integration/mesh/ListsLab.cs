using System.Globalization;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.DependencyInjection;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>A sandbox with its own world, a mesh over an empty folder, and what is true of each list.</summary>
internal sealed class ListsLab : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder;

    private ListsLab(SandboxServer sandbox, EmbeddedMesh mesh, TemporaryFolder folder)
    {
        (Sandbox, Mesh, this.folder) = (sandbox, mesh, folder);
        Caller = new(mesh);
    }

    public SandboxServer Sandbox { get; }

    public EmbeddedMesh Mesh { get; }

    public MeshCaller Caller { get; }

    public ICollectorStore Store => Mesh.Services.GetRequiredService<ICollectorStore>();

    public static async Task<ListsLab> StartAsync(SandboxManners manners, CancellationToken cancellationToken, params (string Key, string Value)[] settings)
    {
        var clock = new MovedTime(Now);
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Manners = manners, Time = clock, DailyFollowRequests = 500 }, cancellationToken);
        var data = new TemporaryFolder();
        return new(sandbox, await EmbeddedMesh.StartAsync(MeshCaller.Options(data, sandbox, clock, settings), cancellationToken), data);
    }

    /// <summary>Subjects whose lists hold something, the longest first. An account that the world lets follow a thousand of its 240 accounts names nobody new in the end: not those.</summary>
    public IReadOnlyList<string> Subjects(ApiEndpoint endpoint, int count) => endpoint switch
    {
        ApiEndpoint.Comments => [.. Longest(RecentVideos().Select(video => Text(video.Id)), endpoint, count)],
        ApiEndpoint.Replies => [.. Longest(RecentVideos().SelectMany(video => Sandbox.World.CommentsOf(video.Id)).Where(comment => comment.Replies > 0).Take(300).Select(comment => Text(comment.Id)), endpoint, count)],
        ApiEndpoint.Playlist => [.. RecentVideos().Select(video => video.PlaylistId).OfType<long>().Distinct().Where(id => Sandbox.World.FindPlaylist(id) is not null).Take(count).Select(Text)],
        ApiEndpoint.Shop => [.. Sandbox.World.Shops.Select(shop => shop.Name).Take(count)],
        ApiEndpoint.Products => [.. Longest(Sandbox.World.Shops.Select(shop => Text(shop.Id)), endpoint, count)],
        ApiEndpoint.Reviews => [.. Longest(Sandbox.World.Shops.SelectMany(shop => shop.Products).Select(product => Text(product.Id)), endpoint, count)],
        _ => [.. Longest(Sandbox.World.Creators.Where(creator => creator is { Refused: false, Private: false, FollowingIsPrivate: false, RegionCode: not "CA" } && (endpoint is ApiEndpoint.LikedVideos ? creator.LikesArePublic : creator is { Followers: < 500, Following: < 500 })).Select(creator => creator.Username), endpoint, count)],
    };

    /// <summary>How many items the list holds for a client that reads all of it.</summary>
    public int Length(ApiEndpoint endpoint, string subject) => endpoint switch
    {
        ApiEndpoint.Comments => Sandbox.World.CommentsOf(Number(subject)).Count,
        ApiEndpoint.Replies => Sandbox.World.RepliesTo(Number(subject)).Count,
        ApiEndpoint.UserInfo => 1,
        ApiEndpoint.Followers => Sandbox.World.FollowersOf(subject).Select(follow => follow.Creator.Username).Distinct(StringComparer.Ordinal).Count(),
        ApiEndpoint.Following => Sandbox.World.FollowedBy(subject).Select(follow => follow.Creator.Username).Distinct(StringComparer.Ordinal).Count(),
        ApiEndpoint.LikedVideos => Shown(Sandbox.World.LikedBy(subject).Select(liked => liked.Video)),
        ApiEndpoint.PinnedVideos => Shown(Sandbox.World.PinnedBy(subject)),
        ApiEndpoint.RepostedVideos => Shown(Sandbox.World.RepostedBy(subject).Select(reposted => reposted.Video)),
        ApiEndpoint.Playlist => Sandbox.World.FindPlaylist(Number(subject))!.VideoIds.Count,
        ApiEndpoint.Shop => Sandbox.World.Shops.Count(shop => shop.Name.Contains(subject, StringComparison.OrdinalIgnoreCase)),
        ApiEndpoint.Products => Sandbox.World.Shops.Single(shop => Text(shop.Id) == subject).Products.Count,
        ApiEndpoint.Reviews => Sandbox.World.Shops.SelectMany(shop => shop.Products).Single(product => Text(product.Id) == subject).Reviews.Count,
        _ => 0,
    };

    /// <summary>What a complete export of the list holds: ids of records, playlists, shops and products. Null where keys are pseudonyms or hashes: then there are as many as items.</summary>
    public IReadOnlyList<string>? Ids(ApiEndpoint endpoint, string subject) => endpoint switch
    {
        ApiEndpoint.Comments => [.. Sandbox.World.CommentsOf(Number(subject)).Select(comment => Text(comment.Id))],
        ApiEndpoint.Replies => [.. Sandbox.World.RepliesTo(Number(subject)).Select(comment => Text(comment.Id))],
        ApiEndpoint.LikedVideos => ShownIds(Sandbox.World.LikedBy(subject).Select(liked => liked.Video)),
        ApiEndpoint.PinnedVideos => ShownIds(Sandbox.World.PinnedBy(subject)),
        ApiEndpoint.RepostedVideos => ShownIds(Sandbox.World.RepostedBy(subject).Select(reposted => reposted.Video)),
        ApiEndpoint.Playlist => [subject],
        ApiEndpoint.Shop => [.. Sandbox.World.Shops.Where(shop => shop.Name.Contains(subject, StringComparison.OrdinalIgnoreCase)).Select(shop => Text(shop.Id))],
        ApiEndpoint.Products => [.. Sandbox.World.Shops.Single(shop => Text(shop.Id) == subject).Products.Select(product => Text(product.Id))],
        _ => null,
    };

    /// <summary>Ids or keys of what an export of the collection holds.</summary>
    public async Task<IReadOnlyList<string>> ExportAsync(string collectionId, CancellationToken cancellationToken)
    {
        using var call = Caller.Arena.ExportRecords(new() { CollectionId = collectionId }, Caller.Key, cancellationToken: cancellationToken);
        var lines = new StringBuilder();
        await foreach (var part in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            lines.Append(part.Chunk?.ToStringUtf8());
        }

        return
        [
            .. from line in lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
               let item = JsonDocument.Parse(line).RootElement
               select (item.TryGetProperty("platform_id", out var id) ? id : item.GetProperty("key")).GetString(),
        ];
    }

    public async Task<string> SubmitAsync(ApiEndpoint endpoint, IEnumerable<string> subjects, CancellationToken cancellationToken) =>
        (await SubmitAsync(new CollectionSpec { List = endpoint, Subjects = { subjects } }, cancellationToken)).CollectionId;

    public async Task<CollectionStatus> SubmitAsync(CollectionSpec spec, CancellationToken cancellationToken) =>
        (await Caller.Arena.SubmitCollectionAsync(new() { Spec = spec }, Caller.Key, cancellationToken: cancellationToken)).Status;

    public Task<CollectionStatus> EndAsync(string collectionId, CancellationToken cancellationToken) =>
        Caller.UntilAsync(collectionId, status => status.State is CollectionState.Complete or CollectionState.CompleteWithGaps or CollectionState.Failed, cancellationToken);

    /// <summary>What the collector knows of a list.</summary>
    public async Task<ListRead> ReadAsync(ListKey list, CancellationToken cancellationToken) =>
        (await Store.ReadPlanningStateAsync("default", [], [list], cancellationToken)).Lists[list].Last!;

    public async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        await Mesh.DisposeAsync();
        await Sandbox.DisposeAsync();
        folder.Dispose();
    }

    private IEnumerable<string> Longest(IEnumerable<string> subjects, ApiEndpoint endpoint, int count) =>
        subjects.Select(subject => (subject, length: Length(endpoint, subject))).Where(each => each.length is > 0 and < 700).OrderByDescending(each => each.length).Take(count).Select(each => each.subject);

    private IEnumerable<SandboxVideo> RecentVideos() =>
        Enumerable.Range(0, 3).SelectMany(day => Sandbox.World.VideosOf(new DateOnly(2026, 2, 20).AddDays(day))).Where(video => Sandbox.World.IsShown(video, Now) && video is { CommentsDisabled: false });

    private int Shown(IEnumerable<SandboxVideo> videos) => ShownIds(videos).Count;

    private IReadOnlyList<string> ShownIds(IEnumerable<SandboxVideo> videos) => [.. videos.Where(video => Sandbox.World.IsShown(video, Now)).Select(video => Text(video.Id)).Distinct(StringComparer.Ordinal)];

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}
