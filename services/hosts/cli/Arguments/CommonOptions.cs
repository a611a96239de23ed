using System.CommandLine;
using IssueObservatory.Mesh.Cli.Sessions;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>Options of every command.</summary>
internal sealed class CommonOptions(Shell shell)
{
    private const double FastestRate = 5;

    /// <summary>The world around the command.</summary>
    public Shell Shell { get; } = shell;

    /// <summary>The folder that holds everything.</summary>
    public Option<string> Data { get; } = new("--data") { Recursive = true, HelpName = "DIR", Description = "Folder that holds everything (default ./.mesh)" };

    /// <summary>A mesh that runs elsewhere.</summary>
    public Option<Uri> Server { get; } = OptionOf.Address("--server", "URL", "Address of a mesh that runs elsewhere, instead of --data", recursive: true);

    /// <summary>The key for it.</summary>
    public Option<string> KeyFile { get; } = new("--key-file") { Recursive = true, HelpName = "FILE", Description = "File with the key for --server (default: what MESH_KEY_FILE names)" };

    /// <summary>One object as the last line.</summary>
    public Option<bool> Json { get; } = new("--json") { Recursive = true, Description = "Results as one JSON object, the last line of the output" };

    /// <summary>How fast.</summary>
    public Option<double> Rate { get; } = OptionOf.Number("--rate", "N", "Requests a second to begin with, 0–5 (default 1; 0 without any pause, for test servers only)", 0, FastestRate, recursive: true);

    /// <summary>Where the command works.</summary>
    public Place Place(ParseResult parsed)
    {
        var data = parsed.GetValue(Data);
        var server = parsed.GetValue(Server);
        double? rate = parsed.GetResult(Rate) is null ? null : parsed.GetValue(Rate);
        if (server is null)
        {
            return parsed.GetResult(KeyFile) is not null
                ? throw CommandRefusedException.BadInput("--key-file goes with --server only; the folder of --data holds its own key")
                : new() { Folder = data is null ? Path.Combine(".", ".mesh") : NotEmpty("--data", data), Rate = Allowed(rate) };
        }

        if (data is not null || rate is not null)
        {
            throw CommandRefusedException.BadInput($"{(data is null ? "--rate" : "--data")} cannot be used with --server; that mesh has its own");
        }

        var file = parsed.GetValue(KeyFile) ?? Shell.Environment("MESH_KEY_FILE");
        return string.IsNullOrEmpty(file)
            ? throw CommandRefusedException.BadInput("--server needs --key-file (or MESH_KEY_FILE): a file that holds the key for that mesh")
            : new() { Server = server, KeyFile = file };
    }

    private static string NotEmpty(string option, string value) =>
        value.Length > 0 ? value : throw CommandRefusedException.BadInput($"{option} is empty; allowed is the name of a folder");

    private double? Allowed(double? rate) => rate is 0 && IsRealHost(Shell.Environment("RESEARCH_API_BASE_URL"))
        ? throw CommandRefusedException.BadInput("--rate is 0; that is for test servers only (RESEARCH_API_BASE_URL), TikTok's own host needs more than 0 and at most 5")
        : rate;

    private static bool IsRealHost(string? address) =>
        string.IsNullOrEmpty(address) || !Uri.TryCreate(address, UriKind.Absolute, out var uri)
        || uri.IdnHost.EndsWith("tiktokapis.com", StringComparison.OrdinalIgnoreCase);
}
