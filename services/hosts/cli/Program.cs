using System.Runtime.InteropServices;
using IssueObservatory.Mesh.Cli;

using var interrupted = new CancellationTokenSource();

// The first signal lets the command end in order, a second one ends it at once.
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (interrupted.IsCancellationRequested)
    {
        Environment.Exit(ExitCode.Interrupted);
    }

    interrupted.Cancel();
}

using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
return await MeshCommand.RunAsync(args, Shell.OfProcess(), interrupted.Token);
