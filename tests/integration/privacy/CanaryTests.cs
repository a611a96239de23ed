using System.Globalization;
using System.Text;
using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Privacy;

/// <summary>A whole run with planted secrets, names and queries; then everything that it left is searched for them.</summary>
public sealed class CanaryTests
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(120);

    /// <summary>What the API answered, byte for byte (packed), and what was asked: names and queries belong there.</summary>
    private static readonly string[] RawPages = ["collector.db", "collector.db-wal"];

    /// <summary>Names, apart from everything else and with rights of their own.</summary>
    private static readonly string[] Names = ["identified.db", "identified.db-wal"];

    /// <summary>Holds nothing, and nobody else may open it.</summary>
    private const string Lock = "mesh.lock";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_queries_and_secrets_are_found_nowhere_but_where_they_belong()
    {
        await using var lab = await Canaries.StartLabAsync(Stop);
        using var exports = new TemporaryFolder();
        await using var host = RunningProgram.Mesh(lab.Environment, "up", "--port", "0", "--rate", "0", "--data", lab.Data);
        await host.OutputAsync(text => text.EndsWith('\n'), LongestStart);

        var terms = await RunAsync(lab, Canaries.CollectTerms(lab));
        var actor = await RunAsync(lab, Canaries.CollectActor(lab));
        ProgramResult[] others =
        [
            await RunAsync(lab, "status", "--data", lab.Data, "--json", Id(terms)),
            await RunAsync(lab, "records", "--data", lab.Data, "--json", Id(terms)),
            await RunAsync(lab, "quota", "--data", lab.Data, "--json"),
            await RunAsync(lab, "credentials", "list", "--data", lab.Data, "--json"),
            await RunAsync(lab, "credentials", "check", "--data", lab.Data, "--json"),
            await RunAsync(lab, "refresh", "run", "--all", "--data", lab.Data, "--json"),
            await RunAsync(lab, "export", "--data", lab.Data, "--format", "ndjson", "--out", exports.PathOf("plain.ndjson")),
            await RunAsync(lab, "export", "--data", lab.Data, "--format", "ndjson", "--identified", "--out", exports.PathOf("identified.ndjson")),
        ];

        var report = await RunAsync(lab, "support-report", "--data", lab.Data);

        // While it runs, so that what is still in the write-ahead logs is searched too; and once more after its end.
        var leftInUse = Files(lab.Data);
        (await host.StopAsync()).ShouldBe(0);
        IReadOnlyDictionary<string, string>[] looks = [leftInUse, Files(lab.Data)];

        // The canaries were there: otherwise that nothing is found proves nothing.
        terms.ExitCode.ShouldBe(3, terms.Errors);
        actor.ExitCode.ShouldBe(0, actor.Errors);
        others.ShouldAllBe(other => other.ExitCode == 0, string.Join('\n', others.Select(other => other.Errors)));
        Text(leftInUse, RawPages).ShouldContain(Canaries.Word);
        Text(leftInUse, Names).ShouldContain(Canaries.Author);
        Text(leftInUse, Names).ShouldContain(Canaries.Actor);
        lab.Sandbox.Log.All.ShouldContain(request => request.ErrorCode == "access_token_invalid");
        var identified = await File.ReadAllTextAsync(exports.PathOf("identified.ndjson"), Stop);
        identified.ShouldContain(Canaries.Author);
        identified.ShouldContain(Canaries.Actor);
        var plain = await File.ReadAllTextAsync(exports.PathOf("plain.ndjson"), Stop);
        plain.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(120);

        foreach (var files in looks)
        {
            foreach (var (file, content) in files)
            {
                ShouldNotHold(content, file, Canaries.Secret, Canaries.Token, Canaries.AnyToken);
                if (!RawPages.Contains(file) && !Names.Contains(file))
                {
                    ShouldNotHold(content, file, Canaries.AnyName, Canaries.DisplayName);
                }

                if (!RawPages.Contains(file))
                {
                    ShouldNotHold(content, file, Canaries.Word, Canaries.Hashtag);
                }
            }
        }

        new FileInfo(Path.Combine(lab.Data, Lock)).Length.ShouldBe(0);
        ShouldNotHold(plain, "the export", Canaries.AnyName, Canaries.DisplayName, Canaries.Secret, Canaries.AnyToken);
        ShouldNotHold(host.Output + host.Errors, "what the host wrote", Canaries.AnyName, Canaries.DisplayName, Canaries.Word, Canaries.Hashtag, Canaries.Secret, Canaries.AnyToken);
        foreach (var result in (ProgramResult[])[terms, .. others])
        {
            ShouldNotHold(result.Output + result.Errors, "what a command wrote", Canaries.AnyName, Canaries.DisplayName, Canaries.Secret, Canaries.AnyToken);
        }

        // It is made to be sent to others.
        report.Output.ShouldContain("Access tokens that were refused");
        ShouldNotHold(report.Output + report.Errors, "the report to TikTok", Canaries.AnyName, Canaries.DisplayName, Canaries.Word, Canaries.Hashtag, Canaries.Secret, Canaries.AnyToken);

        // It repeats what was typed, and nothing else.
        ShouldNotHold(actor.Output + actor.Errors, "what collect actors wrote", Canaries.Author, Canaries.Mentioned, Canaries.DisplayName, Canaries.Secret, Canaries.AnyToken);
    }

    [Fact]
    public async Task Names_in_lists_are_found_nowhere_but_where_they_belong()
    {
        await using var lab = await Canaries.StartLabAsync(Stop);
        using var exports = new TemporaryFolder();
        await using var host = RunningProgram.Mesh(lab.Environment, "up", "--port", "0", "--rate", "0", "--data", lab.Data);
        await host.OutputAsync(text => text.EndsWith('\n'), LongestStart);

        var terms = await RunAsync(lab, Canaries.CollectTerms(lab));
        var video = MeshLab.Video(0).Id;
        lab.Sandbox.Script.Enqueue(new SandboxMatch(SandboxEndpoint.Comments), Canaries.NamedComment(video));
        ProgramResult[] ofPerson =
        [
            .. await Task.WhenAll(((string[])["users", "followers", "following", "liked", "pinned"]).Select(kind => RunAsync(lab, Canaries.CollectList(lab, kind, Canaries.Actor)))),
        ];
        ProgramResult[] ofThings =
        [
            await RunAsync(lab, Canaries.CollectList(lab, "comments", video.ToString(CultureInfo.InvariantCulture))),
            await RunAsync(lab, Canaries.CollectList(lab, "users", "--of", Id(terms), "--yes")),
        ];
        Dictionary<string, string> plain = new(StringComparer.Ordinal);
        Dictionary<string, string> identified = new(StringComparer.Ordinal);
        foreach (var type in (string[])["records", "profiles", "follows"])
        {
            plain[type] = await ExportAsync(lab, exports, type);
            identified[type] = await ExportAsync(lab, exports, type, "--identified");
        }

        var leftInUse = Files(lab.Data);
        (await host.StopAsync()).ShouldBe(0);

        // The canaries were there: otherwise that nothing is found proves nothing.
        ofPerson.Concat(ofThings).ShouldAllBe(list => list.ExitCode == 0, string.Join('\n', ofPerson.Concat(ofThings).Select(list => list.Errors)));
        identified["profiles"].ShouldContain(Canaries.DisplayName);
        identified["profiles"].ShouldContain($"\"username\":\"{Canaries.Author}\"");
        identified["follows"].ShouldContain($"\"followed_username\":\"{Canaries.Actor}\"");
        identified["follows"].ShouldContain($"\"follower_username\":\"{Canaries.Actor}\"");
        identified["records"].ShouldContain($"\"author_display_name\":\"{Canaries.DisplayName}\"");
        Text(leftInUse, Names).ShouldContain(Canaries.DisplayName);

        foreach (var (file, content) in leftInUse.Concat(Files(lab.Data)).Where(file => !RawPages.Contains(file.Key) && !Names.Contains(file.Key)))
        {
            ShouldNotHold(content, file, Canaries.AnyName, Canaries.DisplayName);
        }

        foreach (var (type, export) in plain)
        {
            export.ShouldNotBeEmpty();
            ShouldNotHold(export, $"the export of {type}", Canaries.AnyName, Canaries.DisplayName);
        }

        ShouldNotHold(host.Output + host.Errors, "what the host wrote", Canaries.AnyName, Canaries.DisplayName);

        // What was typed is repeated, and nothing else.
        ofPerson.ToList().ForEach(list => ShouldNotHold(list.Output + list.Errors, "what a command wrote", Canaries.Author, Canaries.Mentioned, Canaries.DisplayName));
        ofThings.ToList().ForEach(list => ShouldNotHold(list.Output + list.Errors, "what a command wrote", Canaries.AnyName, Canaries.DisplayName));
    }

    private static async Task<string> ExportAsync(MeshLab lab, TemporaryFolder folder, string type, params string[] more)
    {
        var file = folder.PathOf($"{type}{more.Length}.ndjson");
        var result = await RunAsync(lab, ["export", "--data", lab.Data, .. type is "records" ? [] : (string[])["--type", type], "--out", file, .. more]);
        result.ExitCode.ShouldBe(0, result.Errors);
        return await File.ReadAllTextAsync(file, Stop);
    }

    private static Task<ProgramResult> RunAsync(MeshLab lab, params IEnumerable<string> arguments) => lab.RunAsync(Stop, arguments);

    private static string Id(ProgramResult collected) => collected.Json.GetProperty("collection_id").GetString()!;

    /// <summary>Every file below a folder by its name, byte by byte as text.</summary>
    private static Dictionary<string, string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != Lock)
        .ToDictionary(file => Path.GetRelativePath(folder, file), Read, StringComparer.Ordinal);

    private static string Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Encoding.Latin1.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static string Text(IReadOnlyDictionary<string, string> files, string[] names) => string.Concat(names.Select(name => files.GetValueOrDefault(name, "")));

    private static void ShouldNotHold(string text, string where, params string[] canaries)
    {
        foreach (var canary in canaries)
        {
            text.Contains(canary, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{where} must not hold {canary}: {Around(text, canary)}");
        }
    }

    private static string Around(string text, string canary)
    {
        const int Before = 80;
        const int Length = 200;
        var at = text.IndexOf(canary, StringComparison.OrdinalIgnoreCase);
        var from = Math.Max(0, at - Before);
        return at < 0 ? "" : text.Substring(from, Math.Min(Length, text.Length - from));
    }
}
