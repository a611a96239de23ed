using System.Globalization;

namespace IssueObservatory.Mesh.Cli.Sessions;

/// <summary>Settings of the services that a command runs itself.</summary>
internal static class EmbeddedSettings
{
    /// <summary>For a command that does one thing and ends: it takes up no other work, and refreshes nothing by itself.</summary>
    public static Dictionary<string, string?> OneShot(double? rate) => new(LongRunning(rate), StringComparer.Ordinal)
    {
        ["Collector:ResumeUnfinished"] = "false",
        ["RefreshScheduler:Spends"] = "false",
    };

    /// <summary>For <c>mesh up</c>.</summary>
    public static Dictionary<string, string?> LongRunning(double? rate)
    {
        Dictionary<string, string?> settings = new(StringComparer.Ordinal);
        if (rate is { } requests)
        {
            settings["QuotaGovernor:RequestsPerSecond"] = requests.ToString(CultureInfo.InvariantCulture);
        }

        if (rate is 0)
        {
            // A test server need not be given time to recover.
            settings["Collector:ConfirmPauseSeconds"] = "1";
            settings["Collector:CompliancePollSeconds"] = "1";
        }

        return settings;
    }
}
