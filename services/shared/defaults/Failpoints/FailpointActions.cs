using System.Diagnostics;
using System.Globalization;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The actions themselves, upon this process.</summary>
internal static class FailpointActions
{
    public static Task ActAsync(FailpointRule rule, CancellationToken cancellationToken) => rule.Action switch
    {
        FailpointAction.Kill => Kill(),
        FailpointAction.Pause => PauseAsync(cancellationToken),
        FailpointAction.Error => Task.FromException(new IOException("injected")),
        _ => Task.Delay(rule.Delay, TimeProvider.System, cancellationToken),
    };

    private static Task Kill()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        return Task.CompletedTask;
    }

    private static async Task PauseAsync(CancellationToken cancellationToken)
    {
        using var signal = Process.Start("kill", ["-STOP", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync(cancellationToken);
    }
}
