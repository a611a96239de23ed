using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>What one process makes of the same videos, undisturbed: the measure for a cluster that is not.</summary>
internal static class EmbeddedRun
{
    /// <summary>Places the first videos of <see cref="MeshLab.Video"/>.</summary>
    public static void Fill(SandboxServer sandbox, int videos)
    {
        for (var i = 0; i < videos; i++)
        {
            sandbox.World.Add(MeshLab.Video(i));
        }
    }

    /// <summary>Collects these videos in one process, over files.</summary>
    public static async Task<ClusterExpectation> OfAsync(int videos, CancellationToken cancellationToken)
    {
        await using var lab = await MeshLab.WithVideosAsync(videos, cancellationToken);
        lab.Environment["PSEUDONYMIZATION_SALT"] = SharedSettings.Salt;
        var collected = await lab.RunAsync(cancellationToken, lab.CollectTerms());
        collected.ExitCode.ShouldBe(0, collected.Errors);
        return new(ExportedRecords.Read((await lab.ExportAsync(cancellationToken)).Values.Select(record => record.GetRawText())), lab.Queries.Count);
    }
}
