using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §6.12: batch compliance.</summary>
public sealed class SandboxComplianceTests
{
    [Fact]
    public async Task Section_6_12_a_task_is_processed_by_the_clock_and_names_what_is_still_there()
    {
        await using var sandbox = await WithVideosAsync(10);
        sandbox.Server.World.Add(Video(4) with { GoneAt = Now.AddSeconds(5) });
        var task = await CreateAsync(sandbox, string.Join('\n', Enumerable.Range(0, 6).Select(number => Text(Video(number).Id))) + "\n123\n");
        (await StatusAsync(sandbox, task)).ShouldBe("Processing");
        (await sandbox.AskAsync("validation_task/download", null, new { task_id = task })).Status.ShouldBe(400);
        sandbox.Server.Clock.Advance(TimeSpan.FromMinutes(5));
        (await StatusAsync(sandbox, task)).ShouldBe("Completed");
        var answer = await sandbox.AskAsync("validation_task/download", null, new { task_id = task });
        answer.Message.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(new[] { 0, 1, 2, 3, 5 }.Select(number => Text(Video(number).Id)));
    }

    [Fact]
    public async Task Section_6_12_comments_and_replies_can_be_asked_for()
    {
        await using var sandbox = await StartAsync();
        var video = sandbox.Server.World.VideosOf(new(2026, 2, 3)).First(video => !video.IsGone(Now) && !video.CommentsDisabled && video.Counts.Comments > 20);
        var there = sandbox.Server.World.CommentsOf(video.Id);
        var reply = there.SelectMany(comment => sandbox.Server.World.RepliesTo(comment.Id)).First();
        var task = await CreateAsync(sandbox, string.Join('\n', there.Append(reply).Select(comment => Text(comment.Id)).Append("7386111311412321185")), "comment");
        sandbox.Server.Clock.Advance(TimeSpan.FromMinutes(2));
        var answer = (await sandbox.AskAsync("validation_task/download", null, new { task_id = task })).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        answer.Length.ShouldBeInRange(there.Count - 2, there.Count + 1);
        answer.ShouldNotContain("7386111311412321185");
    }

    [Fact]
    public async Task Section_6_12_errors_and_successes_carry_the_status_and_message_of_the_documentation()
    {
        await using var sandbox = await WithVideosAsync(1);
        var task = await CreateAsync(sandbox, Text(Video(0).Id));
        var status = await sandbox.AskAsync("validation_task_status/get", null, new { task_id = task });
        (status.ErrorText, status.Error.GetProperty("http_status_code").GetInt32()).ShouldBe(("ok.", 200));
        var unknown = await sandbox.AskAsync("validation_task_status/get", null, new { task_id = 5 });
        (unknown.Status, unknown.Error.GetProperty("http_status_code").GetInt32()).ShouldBe((400, 400));
        sandbox.Server.Faults = new() { ComplianceFails = true };
        (await StatusAsync(sandbox, task)).ShouldBe("Failed");
    }

    [Theory]
    [InlineData("not an id", "video", "invalid_file_upload")]
    [InlineData("", "video", "invalid_file_upload")]
    [InlineData("1", "user", "invalid_params")]
    public async Task Section_6_12_a_bad_upload_is_400(string file, string category, string code)
    {
        await using var sandbox = await WithVideosAsync(1);
        var reply = await UploadAsync(sandbox, file, category);
        (reply.Status, reply.Code).ShouldBe((400, code));
    }

    [Fact]
    public async Task Section_6_12_ten_thousand_ids_are_the_limit()
    {
        await using var sandbox = await WithVideosAsync(1);
        (await UploadAsync(sandbox, string.Join('\n', Enumerable.Range(1, 10_000)), "video")).Status.ShouldBe(200);
        (await UploadAsync(sandbox, string.Join('\n', Enumerable.Range(1, 10_001)), "video")).Code.ShouldBe("invalid_file_upload");
        (await sandbox.PostAsync("/v2/research/validation_task/create/", "{}")).Code.ShouldBe("invalid_params");
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static async Task<long> CreateAsync(SandboxFixture sandbox, string file, string category = "video")
    {
        var reply = await UploadAsync(sandbox, file, category);
        reply.Status.ShouldBe(200, reply.Text);
        return reply.Data.GetProperty("task_id").GetInt64();
    }

    private static async Task<string?> StatusAsync(SandboxFixture sandbox, long task) =>
        (await sandbox.AskAsync("validation_task_status/get", null, new { task_id = task })).Data.GetProperty("task_status").GetString();

    private static Task<Reply> UploadAsync(SandboxFixture sandbox, string file, string category)
    {
        var form = new MultipartFormDataContent();
        var data = new ByteArrayContent(Encoding.UTF8.GetBytes(file));
        data.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        form.Add(data, "file_data", "ids.txt");
        form.Add(new StringContent(category), "category");
        return sandbox.SendAsync("/v2/research/validation_task/create/", form);
    }
}
