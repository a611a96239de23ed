using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>The governor's books: a grant for each request unless a test refuses.</summary>
internal sealed class QuotaBook : IQuota
{
    private readonly ConcurrentDictionary<string, GrantOutcome> outcomes = new(StringComparer.Ordinal);
    private int grants;

    public Func<string, Refusal?> Refuse { get; set; } = _ => null;

    /// <summary>The same by budget.</summary>
    public Func<QuotaBucket, Refusal?> RefuseOf { get; set; } = _ => null;

    /// <summary>The same by caller.</summary>
    public Func<string, Refusal?> RefuseCaller { get; set; } = _ => null;

    /// <summary>Grants by budget.</summary>
    public ConcurrentDictionary<QuotaBucket, int> Granted { get; } = new();

    /// <summary>Outcomes that cannot be reported now.</summary>
    public HashSet<GrantOutcome> Down { get; } = [];

    /// <summary>What happens between a mark and the word that it was made.</summary>
    public Action OnMark { get; set; } = () => { };

    public int Asked { get; private set; }

    /// <summary>Units that count.</summary>
    public int Charged => outcomes.Values.Count(outcome => outcome is not GrantOutcome.NeverSent);

    public IReadOnlyCollection<GrantOutcome> Outcomes => [.. outcomes.Values];

    public Task<ReserveQuotaResponse> ReserveAsync(string account, OpenSearch open, QuotaBucket bucket, CancellationToken cancellationToken)
    {
        Asked++;
        if ((Refuse(open.Search.LabId) ?? RefuseOf(open.Search.Bucket) ?? RefuseCaller(open.Caller)) is { } refusal)
        {
            return Task.FromResult(new ReserveQuotaResponse { Refusal = refusal });
        }

        Granted.AddOrUpdate(open.Search.Bucket, 1, (_, granted) => granted + 1);
        return Task.FromResult(new ReserveQuotaResponse { Grant = new() { GrantId = $"g{Interlocked.Increment(ref grants)}" } });
    }

    public async Task<bool> MarkSentAsync(string labId, string grantId, CancellationToken cancellationToken)
    {
        await SettleAsync(labId, grantId, GrantOutcome.Sent, serverDate: null, cancellationToken);
        OnMark();
        return true;
    }

    public Task SettleAsync(string labId, string grantId, GrantOutcome outcome, DateTimeOffset? serverDate, CancellationToken cancellationToken)
    {
        if (Down.Contains(outcome))
        {
            throw new MeshException(ErrorReason.Unavailable, "quota-governor cannot be reached.");
        }

        outcomes[grantId] = outcome;
        return Task.CompletedTask;
    }

    /// <summary>What refreshes need; null: the governor cannot be reached.</summary>
    public GetForecastResponse? Forecast { get; set; } = new();

    public Task<GetForecastResponse> GetForecastAsync(string labId, CancellationToken cancellationToken) =>
        Task.FromResult(Forecast ?? throw new MeshException(ErrorReason.Unavailable, "quota-governor cannot be reached."));

    public Task<QuotaStatus?> GetAsync(string labId, QuotaBucket bucket, CancellationToken cancellationToken) => Task.FromResult<QuotaStatus?>(null);
}

/// <summary>One credential, tokens as asked.</summary>
internal sealed class TokenBook : ICredentials
{
    public int Rejected { get; private set; }

    public Task<Credential> PickAsync(string labId, CancellationToken cancellationToken) => Task.FromResult(new Credential { CredentialId = "k", Account = "k", State = CredentialState.Active });

    public Task<AccessToken> GetTokenAsync(string labId, string credentialId, CancellationToken cancellationToken) => Task.FromResult(new AccessToken(new("token"), credentialId, 1));

    public Task ReportRejectedAsync(string labId, AccessToken token, string logId, CancellationToken cancellationToken)
    {
        Rejected++;
        return Task.CompletedTask;
    }
}

/// <summary>A normalizer that has made records of a page as soon as it hears of it.</summary>
internal sealed class ReadyNormalizer : IEvents, IRecordCounts, ISubjects
{
    public bool Answers { get; set; } = true;

    /// <summary>Whether the bus takes nothing.</summary>
    public bool IsAway { get; set; }

    public PageNormalizedHandler? Handler { get; set; }

    public List<RefreshAnswered> Refreshes { get; } = [];

    public ConcurrentQueue<BlackoutChanged> Blackouts { get; } = new();

    /// <summary>How the videos of a page spread over clauses and days; null: it does not say.</summary>
    public Func<PageStored, Task<IReadOnlyList<MatchedVideos>?>> Match { get; set; } = _ => Task.FromResult<IReadOnlyList<MatchedVideos>?>(null);

    /// <summary>What its records name.</summary>
    public IReadOnlyList<ListedSubject> Subjects { get; set; } = [];

    public Task<IReadOnlyList<ListedSubject>> ListAsync(string labId, RecordView view, ApiEndpoint endpoint, CancellationToken cancellationToken) => Task.FromResult(Subjects);

    public async Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
        where TEvent : class
    {
        if (IsAway)
        {
            throw new MeshException(ErrorReason.Unavailable, "RabbitMQ did not confirm an event.");
        }

        switch (message)
        {
            case PageStored page when Answers:
                await Handler!.HandleAsync(
                    new() { LabId = page.LabId, PageId = page.PageId, Received = 1, New = 1, Updated = 0, Unattributed = 0, Quarantined = 0, Videos = [], Matches = await Match(page) },
                    cancellationToken);
                break;
            case RefreshAnswered refresh:
                Refreshes.Add(refresh);
                break;
            case BlackoutChanged blackout:
                Blackouts.Enqueue(blackout);
                break;
        }
    }

    public Task<CountRecordsResponse> CountAsync(string labId, RecordView view, CancellationToken cancellationToken) => Task.FromResult(new CountRecordsResponse());
}

/// <summary>A host that has started and stops when told.</summary>
internal sealed class Lifetime : IHostApplicationLifetime
{
    private readonly CancellationTokenSource stopping = new();

    public CancellationToken ApplicationStarted { get; } = new(canceled: true);

    public CancellationToken ApplicationStopping => stopping.Token;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication() => stopping.Cancel();
}
