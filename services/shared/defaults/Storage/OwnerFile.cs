namespace IssueObservatory.Mesh.Defaults;

/// <summary>Small files that only their owner may read, and that are there whole or not at all.</summary>
public static class OwnerFile
{
    /// <summary>Ending of a file that is being written; a killed process may leave one behind.</summary>
    public const string Unfinished = ".new";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes it in place of what is there.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = path + Unfinished;
        File.Delete(unfinished);
        using (var file = Open(unfinished, FileMode.CreateNew, FileShare.None))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Writes it unless it is there. Of several makers at once, in one process or in many, one wins; for all of them it is there afterwards.</summary>
    public static void MakeOnce(string path, Func<byte[]> content)
    {
        ArgumentNullException.ThrowIfNull(content);
        for (var turn = new SpinWait(); !File.Exists(path); turn.SpinOnce())
        {
            try
            {
                using var mine = Open(path + ".lock", FileMode.OpenOrCreate, FileShare.None, FileOptions.DeleteOnClose);
                if (!File.Exists(path))
                {
                    Write(path, content());
                }
            }
            catch (IOException taken) when (IsTaken(taken))
            {
                // Another one makes it.
            }
        }
    }

    /// <summary>Opens a file for reading and writing; a new one is its owner's only.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share, FileOptions options = FileOptions.None)
    {
        var how = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, how);
    }

    /// <summary>Whether a file could not be opened because somebody else has it, and not because it is missing or the disk is full.</summary>
    public static bool IsTaken(IOException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.GetType() == typeof(IOException) && (OperatingSystem.IsWindows() ? (exception.HResult & 0xFFFF) is 32 : exception.HResult is 11 or 35);
    }
}
