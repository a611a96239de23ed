using System.Globalization;

namespace IssueObservatory.Mesh.Sandbox.World;

/// <summary>Playlists: an account has one a month, of those of its videos that say so. The id tells the month, so nothing is kept.</summary>
internal static class Playlists
{
    private const int LongestName = 12;

    public static long IdOf(SandboxCreator creator, DateOnly day)
    {
        var month = new DateTimeOffset(day.Year, day.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return (month.ToUnixTimeSeconds() << 32) | (uint)SeededRandom.Hash(creator.Username);
    }

    /// <summary>The playlist with this id; null: no video that is there is in it.</summary>
    public static SandboxPlaylist? Find(long id, Func<DateOnly, IReadOnlyList<SandboxVideo>> videosOf, DateTimeOffset now)
    {
        if (id >> 32 is not (> 0 and < 4_102_444_800) || DateTimeOffset.FromUnixTimeSeconds(id >> 32) > now)
        {
            return null;
        }

        var month = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(id >> 32).UtcDateTime);
        var videos = Enumerable.Range(0, DateTime.DaysInMonth(month.Year, month.Month))
            .SelectMany(offset => videosOf(month.AddDays(offset)))
            .Where(video => video.PlaylistId == id && video.IsDisclosed && video.IsIndexed(now) && !video.IsGone(now))
            .OrderBy(video => video.Id)
            .ToList();
        return videos.Count == 0 ? null : new()
        {
            Id = id,
            Name = string.Create(CultureInfo.InvariantCulture, $"{videos[0].Username[..Math.Min(LongestName, videos[0].Username.Length)].TrimEnd('\0')} {month:yyyy-MM}"),
            UpdatedAt = videos[^1].CreateTime,
            VideoIds = [.. videos.Select(video => video.Id)],
        };
    }
}
