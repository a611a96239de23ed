using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Cli.Sessions;

/// <summary>
/// The mesh that a command talks to: it has the folder and runs everything itself, or it attaches to the process that has it,
/// or it calls a mesh elsewhere. When the other process goes away, it attaches anew or takes over.
/// </summary>
internal sealed class MeshSession : IAsyncDisposable
{
    private const int Tries = 6;

    // Longer than a host takes to stop.
    private const int TriesWhileStopping = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly Place place;
    private readonly Shell shell;
    private readonly IReadOnlyDictionary<string, string?> settings;
    private EmbeddedMesh? own;
    private GrpcConnection? connection;
    private Activity? activity;

    private MeshSession(Place place, Shell shell, IReadOnlyDictionary<string, string?> settings) => (this.place, this.shell, this.settings) = (place, shell, settings);

    /// <summary>Whether this process runs the services: what it does not wait for, nobody does.</summary>
    public bool IsHost => own is not null;

    /// <summary>Opens a session for a command that does one thing and ends.</summary>
    /// <exception cref="CommandRefusedException">The key cannot be read.</exception>
    /// <exception cref="DataFolderException">The folder cannot be used.</exception>
    public static Task<MeshSession> OpenAsync(Place place, Shell shell, string verb, CancellationToken cancellationToken) =>
        OpenAsync(place, shell, verb, EmbeddedSettings.OneShot(place.Rate), cancellationToken);

    /// <summary>Opens a session whose services, where it runs them itself, have these settings.</summary>
    public static async Task<MeshSession> OpenAsync(Place place, Shell shell, string verb, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var session = new MeshSession(place, shell, settings);
        try
        {
            await session.ConnectAsync(cancellationToken);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        // One trace from here to the stored record. Without anybody who listens here, the services that we call may still record it.
        session.activity = MeshTelemetry.Source.StartActivity($"mesh {verb}", ActivityKind.Client)
            ?? new Activity($"mesh {verb}") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        return session;
    }

    /// <summary>Makes a call. Every call of the command may be repeated, so one that was lost is made again, if need be by taking over.</summary>
    public async Task<T> AskAsync<T>(Func<IMeshCalls, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // What was current where the session was opened is not current here.
                Activity.Current = activity;
                return await call(connection!, cancellationToken);
            }
            catch (Exception lost) when (own is null && attempt < (lost switch { ConnectionLostException => Tries, MeshException { Reason: ErrorReason.Unavailable } => TriesWhileStopping, _ => 0 }))
            {
                // Gone, or on its way out because the command that hosted it has ended.
                await Task.Delay(pause, shell.Clock, cancellationToken);
                pause *= 2;

                // Services that this process takes over are not part of the call.
                Activity.Current = null;
                await ConnectAsync(cancellationToken);
            }
            catch (ConnectionLostException lost)
            {
                throw CommandRefusedException.Failed(place.Server is null ? $"the mesh does not answer ({lost.InnerException?.GetType().Name})" : $"--server {place.Server} does not answer; allowed is the address of a mesh that runs");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        activity?.Dispose();
        connection?.Dispose();
        if (own is not null)
        {
            await own.DisposeAsync();
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        connection?.Dispose();
        connection = null;
        connection = place.Server is { } server ? new(server, ReadKey(place.KeyFile!)) : await JoinAsync(place.Folder!, cancellationToken);
    }

    private async Task<GrpcConnection> JoinAsync(string folder, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await FolderClaim.AttachAsync(folder, shell.Clock, cancellationToken) is { } host)
            {
                return new(host.Address, host.Key);
            }

            try
            {
                own = await EmbeddedMesh.StartAsync(new() { DataFolder = folder, Settings = settings, Time = shell.Clock, LogLevel = LogLevel.Error }, cancellationToken);
                return new(own.Address, own.Key);
            }
            catch (DataFolderException taken) when (taken.IsClaimed && attempt < Tries)
            {
                // Somebody else was faster: attach to them.
            }
        }
    }

    private static Secret<string> ReadKey(string file)
    {
        try
        {
            var text = File.ReadAllText(file).Trim();

            // `mesh up` keeps its key with its address, in one file.
            var key = text.StartsWith('{') ? JsonNode.Parse(text)?["key"]?.GetValue<string>() : text;
            return string.IsNullOrEmpty(key) ? throw CommandRefusedException.BadInput($"--key-file {file} is empty; allowed is a file that holds the key") : new(key);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw CommandRefusedException.BadInput($"--key-file {file} cannot be read; allowed is a file that holds the key");
        }
    }
}
