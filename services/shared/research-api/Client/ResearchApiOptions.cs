using System.Globalization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Where the Research API is, and how long and how much we listen to it.</summary>
public sealed record ResearchApiOptions
{
    /// <summary>Environment name of <see cref="BaseUrl"/>.</summary>
    public const string BaseUrlSetting = "RESEARCH_API_BASE_URL";

    /// <summary>Environment name of <see cref="FirstByteTimeout"/>, in seconds.</summary>
    public const string FirstByteSetting = "RESEARCH_API_FIRST_BYTE_SECONDS";

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>TikTok's own host.</summary>
    public static readonly Uri RealHost = new("https://open.tiktokapis.com");

    /// <summary>Scheme, host and port, nothing else. https anywhere; plain http on loopback only. This is the one host that ever sees a credential.</summary>
    public Uri BaseUrl { get; init; } = RealHost;

    /// <summary>Name lookup, connection and TLS together. 1 ms to 1 h, default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From sending to the end of the reply's headers: wide queries take minutes. 1 ms to 1 h, default 250 s.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(250);

    /// <summary>The whole call, from connecting to the last byte. 1 ms to 1 h, default 300 s.</summary>
    public TimeSpan WholeTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The whole token call. 1 ms to 1 h, default 30 s.</summary>
    public TimeSpan TokenTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest reply body, after decompression, in bytes. 1 KiB to 64 MiB, default 16 MiB.</summary>
    public int LargestBody { get; init; } = 16 * 1024 * 1024;

    /// <summary>True when requests go to TikTok itself and not to a sandbox.</summary>
    public bool IsRealHost => string.Equals(BaseUrl.IdnHost, RealHost.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the two settings; what is absent keeps its default. Violations name the setting, and the options then hold the default in its place.</summary>
    public static (ResearchApiOptions Options, IReadOnlyList<Violation> Violations) Read(Func<string, string?> setting)
    {
        var found = new List<Violation>();
        var options = new ResearchApiOptions();
        if (setting(BaseUrlSetting) is { Length: > 0 } url)
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out var parsed))
            {
                options = options with { BaseUrl = parsed };
            }
            else
            {
                found.Add(new(BaseUrlSetting, "must be scheme, host and port, e.g. https://open.tiktokapis.com or http://127.0.0.1:5090"));
            }
        }

        if (setting(FirstByteSetting) is { Length: > 0 } seconds)
        {
            if (int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 3500)
            {
                var firstByte = TimeSpan.FromSeconds(count);
                var whole = firstByte + TimeSpan.FromSeconds(50);
                options = options with { FirstByteTimeout = firstByte, WholeTimeout = whole > options.WholeTimeout ? whole : options.WholeTimeout };
            }
            else
            {
                found.Add(new(FirstByteSetting, "must be whole seconds, 1 to 3500"));
            }
        }

        found.AddRange(options.Validate());
        return (found.Count == 0 ? options : new(), found);
    }

    /// <summary>Everything that is wrong; empty when the options can be used.</summary>
    public IReadOnlyList<Violation> Validate()
    {
        var found = new List<Violation>();
        if (ExplainBaseUrl() is { } why)
        {
            found.Add(new(BaseUrlSetting, why));
        }

        CheckTime(nameof(ConnectTimeout), ConnectTimeout);
        CheckTime(nameof(FirstByteTimeout), FirstByteTimeout);
        CheckTime(nameof(WholeTimeout), WholeTimeout);
        CheckTime(nameof(TokenTimeout), TokenTimeout);
        if (LargestBody is < 1024 or > 64 * 1024 * 1024)
        {
            found.Add(new(nameof(LargestBody), "must be 1 KiB to 64 MiB"));
        }

        return found;

        void CheckTime(string name, TimeSpan value)
        {
            if (value < Shortest || value > Longest)
            {
                found.Add(new(name, "must be 1 ms to 1 h"));
            }
        }
    }

    private string? ExplainBaseUrl()
    {
        if (!BaseUrl.IsAbsoluteUri || BaseUrl.Scheme is not ("http" or "https"))
        {
            return "must begin with https:// (or http:// on loopback)";
        }

        if (BaseUrl.AbsolutePath is not "/" || BaseUrl.Query.Length > 0 || BaseUrl.Fragment.Length > 0 || BaseUrl.UserInfo.Length > 0)
        {
            return "must be scheme, host and port only; /v2/… is added to it";
        }

        return BaseUrl.Scheme is "http" && !BaseUrl.IsLoopback
            ? "plain http is for loopback only (127.0.0.1, ::1, localhost); any other host needs https"
            : null;
    }
}
