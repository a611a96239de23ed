using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Interop;

/// <summary>What protoc and Debian's grpc_python_plugin make of our contract, in a folder for PYTHONPATH.</summary>
public sealed class PythonStubs : IDisposable
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder folder = new();
    private readonly SemaphoreSlim making = new(1, 1);
    private bool made;

    /// <summary>Environment for a Python that imports them; makes them first, where that has not been done.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync()
    {
        Tools.NeedPython("grpc");
        Tools.NeedPython("google.protobuf");
        Tools.Existing("/usr/include/google/protobuf/descriptor.proto");
        await making.WaitAsync();
        try
        {
            if (!made)
            {
                await MakeAsync();
                made = true;
            }
        }
        finally
        {
            making.Release();
        }

        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PYTHONPATH"] = folder.Path,
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["PYTHONIOENCODING"] = "utf-8",
        };
    }

    public void Dispose()
    {
        making.Dispose();
        folder.Dispose();
    }

    private async Task MakeAsync()
    {
        var contract = Path.Combine(Tools.Protos, "issueobservatory", "mesh", "v1");
        await GenerateAsync([Tools.Protos], Directory.GetFiles(contract, "*.proto"));

        // Below protos/grpc, so that the stubs of gRPC's own health protocol do not hide the package grpc.
        var standard = Path.Combine(Tools.Protos, "grpc");
        await GenerateAsync([standard, Path.GetDirectoryName(Tools.Client("errors.proto"))!], [Path.Combine(standard, "health", "v1", "health.proto"), Tools.Client("errors.proto")]);
    }

    private async Task GenerateAsync(string[] roots, string[] files)
    {
        await using var protoc = RunningProgram.Start(
            Tools.InPath("protoc"),
            new Dictionary<string, string>(StringComparer.Ordinal),
            [.. roots.Select(root => $"-I{root}"), $"--python_out={folder.Path}", $"--grpc_python_out={folder.Path}", $"--plugin=protoc-gen-grpc_python={Tools.InPath("grpc_python_plugin")}", .. files]);
        if (await protoc.ExitAsync(LongestRun) != 0)
        {
            throw new InvalidOperationException($"protoc failed: {protoc.Errors}");
        }
    }
}
