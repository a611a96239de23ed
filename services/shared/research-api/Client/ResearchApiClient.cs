using System.Buffers;
using System.Net.Http.Headers;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The Research API over HTTP/1.1. Safe for many callers at once; make one and keep it.</summary>
public sealed class ResearchApiClient : IResearchApi, IDisposable
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(code => (char)code)]);

    private readonly ResearchApiOptions options;
    private readonly HttpExchange exchange;

    /// <exception cref="ArgumentException">The options have violations.</exception>
    public ResearchApiClient(ResearchApiOptions options, TimeProvider time)
    {
        Refuse(options.Validate(), nameof(options));
        this.options = options;
        exchange = new(options, time);
    }

    public async Task<RawReply> SendAsync(ResearchRequest request, Func<string> token, CancellationToken cancellationToken)
    {
        Refuse(request.Validate(), nameof(request));
        var limits = new ExchangeLimits(options.ConnectTimeout, options.FirstByteTimeout, options.WholeTimeout, options.LargestBody);
        return await exchange.SendAsync(request.Target, request.MediaType, request.WriteBody(), Authorize, limits, cancellationToken).ConfigureAwait(false);

        void Authorize(HttpRequestHeaders headers)
        {
            var value = token();
            if (!IsToken(value))
            {
                throw new ArgumentException("The access token cannot stand in a header.", nameof(token));
            }

            headers.TryAddWithoutValidation("Authorization", $"Bearer {value}");
        }
    }

    public async Task<TokenResult> RequestTokenAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var limits = new ExchangeLimits(options.ConnectTimeout, options.TokenTimeout, options.TokenTimeout, TokenRequest.LargestReply);
        var reply = await exchange.SendAsync(
            TokenRequest.Target,
            "application/x-www-form-urlencoded",
            request.WriteBody(),
            headers => headers.CacheControl = new() { NoCache = true },
            limits,
            cancellationToken).ConfigureAwait(false);
        return TokenReader.Read(reply);
    }

    public void Dispose() => exchange.Dispose();

    /// <summary>TikTok's tokens use more than letters (<c>clt.2.example*0</c>); what matters is that they fit a header.</summary>
    internal static bool IsToken(string value) => value.Length is > 0 and <= 4096 && !value.AsSpan().ContainsAnyExcept(TokenCharacters);

    private static void Refuse(IReadOnlyList<Violation> violations, string argument)
    {
        // Paths only: messages may quote what someone typed.
        if (violations.Count > 0)
        {
            throw new ArgumentException($"Not valid: {string.Join(", ", violations.Select(violation => violation.Path))}.", argument);
        }
    }
}
