using System.Text.Json;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Embedded;

/// <summary>
/// One process's claim to a data folder, for as long as it lives: the kernel gives up the lock however the process ends.
/// Other processes attach to the one that has it.
/// </summary>
public sealed class FolderClaim : IDisposable
{
    private const string MarkerName = "mesh.json";
    private const string LockName = "mesh.lock";
    private const string HostName = "host.json";
    private const int Format = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream claimed;

    private FolderClaim(DataFolder folder, FileStream claimed)
    {
        Folder = folder;
        this.claimed = claimed;
    }

    /// <summary>The folder.</summary>
    public DataFolder Folder { get; }

    /// <summary>Claims the folder; makes it when it is missing.</summary>
    /// <exception cref="DataFolderException">Another process has it, it cannot be written to, it holds something else, or a newer version wrote it.</exception>
    public static FolderClaim Claim(string path)
    {
        var folder = new DataFolder(path);
        try
        {
            DataFolder.Open(path);
            RefuseForeign(folder);
            var claim = new FolderClaim(folder, Lock(folder));
            try
            {
                // What a killed host left behind; nobody answers there any more.
                File.Delete(folder.PathOf(HostName));
                Mark(folder);
                return claim;
            }
            catch
            {
                claim.Dispose();
                throw;
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"The data folder {folder.Path} cannot be written to; choose another one or correct its permissions.", refused);
        }
    }

    /// <summary>The address of the host that has the folder now; null when nobody has it or the host has not finished starting.</summary>
    public static HostAddress? TryAttach(string path)
    {
        var folder = new DataFolder(path);
        return IsClaimed(folder) ? Read(folder) : null;
    }

    /// <summary>
    /// As <see cref="TryAttach"/>, but waits up to ten seconds for a host that is starting or stopping.
    /// Null: nobody has the folder, so claim it.
    /// </summary>
    /// <exception cref="DataFolderException">A host has the folder and tells no address.</exception>
    public static async Task<HostAddress?> AttachAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        var folder = new DataFolder(path);
        var begun = time.GetTimestamp();
        while (IsClaimed(folder))
        {
            if (Read(folder) is { } address)
            {
                return address;
            }

            if (time.GetElapsedTime(begun) > Patience)
            {
                throw new DataFolderException($"Another process has the data folder {folder.Path} and does not say where it answers; stop it or choose another folder.") { IsClaimed = true };
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return null;
    }

    /// <summary>Gives up the folder.</summary>
    public void Dispose()
    {
        if (claimed.CanRead)
        {
            File.Delete(Folder.PathOf(HostName));
            claimed.Dispose();
        }
    }

    /// <summary>Tells others where this process answers.</summary>
    internal void Announce(HostAddress host) => OwnerFile.Write(
        Folder.PathOf(HostName),
        JsonSerializer.SerializeToUtf8Bytes(new HostFile { Address = host.Address, Key = host.Key.Reveal(), ProcessId = Environment.ProcessId }));

    private static void RefuseForeign(DataFolder folder)
    {
        if (File.Exists(folder.PathOf(MarkerName)))
        {
            return;
        }

        // A process that was killed while it made the folder leaves these two.
        var foreign = Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).FirstOrDefault(name => name is not (LockName or MarkerName + OwnerFile.Unfinished));
        if (foreign is not null)
        {
            throw new DataFolderException($"The folder {folder.Path} holds something else ({foreign}) and no {MarkerName}; choose an empty or a new folder.");
        }
    }

    private static FileStream Lock(DataFolder folder)
    {
        try
        {
            return OwnerFile.Open(folder.PathOf(LockName), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException taken) when (OwnerFile.IsTaken(taken))
        {
            throw new DataFolderException($"Another process has the data folder {folder.Path}; stop it, or choose another folder.", taken) { IsClaimed = true };
        }
    }

    private static bool IsClaimed(DataFolder folder)
    {
        try
        {
            // A shared lock: two processes that look at the same time do not see each other.
            using var looking = new FileStream(folder.PathOf(LockName), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException taken)
        {
            return OwnerFile.IsTaken(taken);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static HostAddress? Read(DataFolder folder)
    {
        try
        {
            var host = JsonSerializer.Deserialize<HostFile>(File.ReadAllBytes(folder.PathOf(HostName)));
            return host is not null && IsAlive(host.ProcessId) ? new HostAddress(host.Address, new Secret<string>(host.Key)) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // For the moment in which a new host has the lock and the file of a killed one is still there.
    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Mark(DataFolder folder)
    {
        var path = folder.PathOf(MarkerName);
        if (!File.Exists(path))
        {
            OwnerFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new Marker(Format)));
            return;
        }

        if (FormatOf(path) is not Format)
        {
            throw new DataFolderException($"The data folder {folder.Path} was not written by this version ({MarkerName} names another format than {Format}); use the version that wrote it, or choose another folder.");
        }
    }

    private static int FormatOf(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Marker>(File.ReadAllBytes(path))?.Format ?? 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private sealed record Marker([property: System.Text.Json.Serialization.JsonPropertyName("format")] int Format);
}
