using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>
/// The credential that the environment brings, put before the host answers: it replaces what an earlier start brought, and clears a rejection.
/// Without the variables an earlier one stays. While the store cannot be reached the host starts without, and it is put as soon as it can be.
/// </summary>
internal sealed partial class EnvironmentCredential(
    CredentialBook credentials, IConfiguration configuration, TimeProvider clock, ILogger<EnvironmentCredential> logger) : IHostedService, IDisposable
{
    /// <summary>Its id.</summary>
    public const string Id = "environment";

    /// <summary>Variable with TikTok's client key; with <c>_FILE</c> behind it, a file that holds the key.</summary>
    public const string KeyVariable = "TIKTOK_CLIENT_KEY";

    /// <summary>Variable with TikTok's client secret; with <c>_FILE</c> behind it, a file that holds the secret.</summary>
    public const string SecretVariable = "TIKTOK_CLIENT_SECRET";

    private const string Lab = "default";
    private const int Longest = 256;

    private readonly CancellationTokenSource stopping = new();
    private Task putting = Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var (key, secret) = (Read(KeyVariable), Read(SecretVariable));
        if (key is null && secret is null)
        {
            return;
        }

        if (key is not { } clientKey || secret is not { } clientSecret)
        {
            var (there, missing) = key is null ? (SecretVariable, KeyVariable) : (KeyVariable, SecretVariable);
            throw new StartRefusedException($"{there} is set but {missing} is not; set both or neither.");
        }

        Task PutAsync(CancellationToken token) => credentials.PutAsync(new(Lab, Id), CredentialRequests.Default, new(clientKey, clientSecret), token);
        try
        {
            await PutAsync(cancellationToken);
        }
        catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
        {
            Log.NotPut(logger, away.Message);
            putting = Insistence.UntilDoneAsync(PutAsync, clock, (_, _) => { }, stopping.Token);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await putting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => stopping.Dispose();

    private Secret<string>? Read(string variable)
    {
        var file = configuration[variable + "_FILE"];
        string? value;
        try
        {
            value = string.IsNullOrEmpty(file) ? configuration[variable] : File.ReadAllText(file).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{variable}_FILE must name a file that can be read.", exception);
        }

        if (string.IsNullOrEmpty(value))
        {
            return string.IsNullOrEmpty(file) ? null : throw new StartRefusedException($"The file of {variable}_FILE is empty; it must hold 1 to 256 characters.");
        }

        return value.Length <= Longest && !value.Any(char.IsControl)
            ? new(value)
            : throw new StartRefusedException($"{variable} must be 1 to 256 characters without control characters.");
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The credential of the environment cannot be put yet: {Why} It is tried again until it is.")]
        public static partial void NotPut(ILogger logger, string why);
    }
}
