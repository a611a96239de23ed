namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>The answer of a batch compliance task: a text of the ids that are still valid.</summary>
internal sealed class ComplianceDownloadEndpoint(ComplianceTasks tasks, SandboxWorld world) : IEndpoint
{
    public SandboxEndpoint Kind => SandboxEndpoint.ComplianceDownload;

    public string Path => "validation_task/download";

    public Outcome Answer(ApiRequest request)
    {
        var id = request.Id("task_id");
        return request.Refusal ?? tasks.Find(id) switch
        {
            null => Outcome.Invalid("The task is invalid: cannot find the task"),
            { } task when request.Faults.ComplianceFails || request.Now < task.DoneAt => Outcome.Invalid("The task is not completed"),
            { } task => new Outcome(200, "ok", "") { Text = task.Answer(world, request.Now) },
        };
    }
}
