using IssueObservatory.Mesh.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Embedded;

/// <summary>All services in this process, over one data folder, for callers on loopback.</summary>
public sealed class EmbeddedMesh : IAsyncDisposable
{
    private readonly WebApplication running;
    private readonly FolderClaim claimed;
    private bool stopped;

    private EmbeddedMesh(WebApplication running, FolderClaim claimed, HostAddress host)
    {
        this.running = running;
        this.claimed = claimed;
        Address = host.Address;
        Key = host.Key;
    }

    /// <summary>Where callers connect.</summary>
    public Uri Address { get; }

    /// <summary>The key of the caller <c>local</c>, who has every right in the lab <c>default</c>.</summary>
    public Secret<string> Key { get; }

    /// <summary>What the services are made of, for tests and for commands of the same process.</summary>
    public IServiceProvider Services => running.Services;

    /// <summary>Claims the folder, starts everything and tells other processes where it answers.</summary>
    /// <exception cref="DataFolderException">The folder cannot be used.</exception>
    /// <exception cref="StartRefusedException">A setting is not allowed or a port is taken; one line for each.</exception>
    public static async Task<EmbeddedMesh> StartAsync(EmbeddedOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var claim = FolderClaim.Claim(options.DataFolder);
        WebApplication? app = null;
        try
        {
            var key = AccessKey.Create();
            app = Build(options, key);
            await app.StartAsync(cancellationToken);
            var host = new HostAddress(app.Services.GetRequiredService<MeshListeners>().Callers, key);
            claim.Announce(host);
            return new EmbeddedMesh(app, claim, host);
        }
        catch (Exception failed)
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            claim.Dispose();
            if (failed is not StartRefusedException && StartFailure.Explain(failed) is { } lines)
            {
                throw new StartRefusedException(string.Join(Environment.NewLine, lines), failed);
            }

            throw;
        }
    }

    /// <summary>Ends calls and work in hand within ten seconds and gives up the folder. What is left undone is taken up at the next start.</summary>
    public async Task StopAsync()
    {
        if (stopped)
        {
            return;
        }

        stopped = true;
        try
        {
            // The deadlines of what is on its way begin with this, before the work is waited for.
            running.Lifetime.StopApplication();
            await running.StopAsync(CancellationToken.None);
            await running.DisposeAsync();
        }
        finally
        {
            claimed.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Whoever types a command is told what needs attention, not what goes well.</summary>
    private static LogLevel LeastOf(LogLevel wanted) => wanted < LogLevel.Warning ? LogLevel.Warning : wanted;

    private static WebApplication Build(EmbeddedOptions options, Secret<string> key)
    {
        // Empty: nothing is read from the folder in which somebody happens to type the command.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "mesh" });
        builder.Configuration
            .AddEnvironmentVariables()
            .AddInMemoryCollection(options.Settings)
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                [$"{MeshOptions.Section}:{nameof(MeshOptions.DataFolder)}"] = options.DataFolder,
                [$"{MeshOptions.Section}:{nameof(MeshOptions.CallersPort)}"] = options.CallersPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
            });
        builder.Logging.AddProvider(new StderrLog(Console.Error, LeastOf(options.LogLevel), clock: null));

        builder.Services.AddRouting();
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddSingleton<ICallerKeys>(new LocalCallerKey(key));
        builder.Services.AddSingleton(new InternalKey(AccessKey.Create()));
        builder.AddMeshDefaults("mesh", AllServices.Names);
        AllServices.Add(builder);

        var app = builder.Build();
        app.MapMeshDefaults();
        AllServices.Map(app);
        return app;
    }
}
