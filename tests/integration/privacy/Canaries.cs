using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Sandbox;

namespace IssueObservatory.Mesh.Integration.Privacy;

/// <summary>Words that are easy to find again, planted wherever something must stay secret or private.</summary>
internal static class Canaries
{
    /// <summary>Of the credential.</summary>
    public const string Secret = "canary-secret-8d1f";

    /// <summary>A token that the API hands out first, and then refuses.</summary>
    public const string Token = "clt.canary-token-77aa";

    /// <summary>How the sandbox's own tokens begin.</summary>
    public const string AnyToken = "clt.";

    /// <summary>Who posted.</summary>
    public const string Author = "kanariefugl.author";

    /// <summary>Who is asked for.</summary>
    public const string Actor = "kanariefugl.actor";

    /// <summary>Who is mentioned in a caption.</summary>
    public const string Mentioned = "kanariefugl.mentioned";

    /// <summary>The name on the actor's profile.</summary>
    public const string DisplayName = "Kanariefugl Persson";

    /// <summary>What all names of persons have in common.</summary>
    public const string AnyName = "kanariefugl";

    /// <summary>A word that is searched for, and that no video holds.</summary>
    public const string Word = "kanarieord";

    /// <summary>A hashtag that is searched for, and that no video has.</summary>
    public const string Hashtag = "kanarietag";

    private const int Videos = 120;

    /// <summary>A lab whose videos, profile, credential and token are canaries.</summary>
    public static async Task<MeshLab> StartLabAsync(CancellationToken cancellationToken)
    {
        var lab = await MeshLab.StartAsync(new() { EmptyWorld = true, Faults = new() { Blackouts = [new(new(2026, 2, 1), new(2026, 2, 1), "hashtag")] } }, cancellationToken);
        lab.Environment["TIKTOK_CLIENT_SECRET"] = Secret;
        for (var i = 0; i < Videos; i++)
        {
            lab.Sandbox.World.Add(MeshLab.Video(i) with
            {
                Username = i % 2 == 0 ? Author : Actor,
                Description = $"Hej @{Mentioned} nummer {i} #dkpol ",
                Mentions = [Mentioned],
            });
        }

        foreach (var name in (string[])[Author, Actor, Mentioned])
        {
            lab.Sandbox.World.Add(new SandboxCreator
            {
                Username = name, DisplayName = DisplayName, Bio = $"Skriv til {name}", BioUrl = $"https://example.invalid/{name}", Followers = 40, Following = 40, LikesArePublic = true,
                Liked = [MeshLab.Video(0).Id, MeshLab.Video(1).Id], Pinned = [MeshLab.Video(0).Id],
            });
        }

        lab.Sandbox.Script.Enqueue(
            new SandboxMatch(SandboxEndpoint.Token),
            SandboxReply.Json($$"""{"access_token":"{{Token}}","expires_in":7200,"token_type":"Bearer"}"""));
        return lab;
    }

    /// <summary>Terms that find the videos, and some that find nothing.</summary>
    public static string[] CollectTerms(MeshLab lab, params IEnumerable<string> more) =>
        ["collect", "terms", "#dkpol", $"#{Hashtag}", Word, "--region", "DK", "--from", "2026-01-01", "--to", "2026-02-01", "--data", lab.Data, "--json", .. more];

    /// <summary>A comment with a name that nobody asked for: TikTok has announced it, and shows it in one example.</summary>
    public static SandboxReply NamedComment(long videoId) => SandboxReply.Json(
        $$$"""
        {"data":{"comments":[{"id":7386111311412321184,"video_id":{{{videoId}}},"parent_comment_id":{{{videoId}}},"text":"Enig, @{{{Mentioned}}}","create_time":1767312000,"display_name":"{{{DisplayName}}}"}],
         "cursor":1,"has_more":false},"error":{"code":"ok","message":"","log_id":"2026"}}
        """);

    /// <summary>A list of some subject.</summary>
    public static string[] CollectList(MeshLab lab, params IEnumerable<string> kindAndSubject) => ["collect", .. kindAndSubject, "--data", lab.Data, "--json"];

    /// <summary>The videos and the profile of a person.</summary>
    public static string[] CollectActor(MeshLab lab, params IEnumerable<string> more) =>
        ["collect", "actors", Actor, "--from", "2026-01-01", "--to", "2026-01-31", "--data", lab.Data, "--json", .. more];
}
