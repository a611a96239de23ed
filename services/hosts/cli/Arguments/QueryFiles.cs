namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>The argument FILE: a query of the Research API.</summary>
internal static class QueryFiles
{
    private const int Largest = 1024 * 1024;

    /// <summary>Its text; the mesh judges what it says.</summary>
    public static string Read(string file)
    {
        try
        {
            var text = new FileInfo(file) is { Length: <= Largest } ? File.ReadAllText(file) : throw Refused(file, "is larger than 1 MiB");
            return string.IsNullOrWhiteSpace(text) ? throw Refused(file, "is empty") : text;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Refused(file, "cannot be read");
        }
    }

    private static CommandRefusedException Refused(string file, string why) =>
        CommandRefusedException.BadInput($"FILE '{file}' {why}; allowed is a file with the query object of the Research API as JSON");
}
