namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>How far a batch compliance task is.</summary>
internal sealed class ComplianceStatusEndpoint(ComplianceTasks tasks) : IEndpoint
{
    public SandboxEndpoint Kind => SandboxEndpoint.ComplianceStatus;

    public string Path => "validation_task_status/get";

    public Outcome Answer(ApiRequest request)
    {
        var id = request.Id("task_id");
        return request.Refusal ?? (tasks.Find(id) is { } task
            ? Outcome.Ok(new() { ["task_status"] = request.Faults.ComplianceFails ? "Failed" : request.Now >= task.DoneAt ? "Completed" : "Processing" })
            : Outcome.Invalid("The task is invalid: cannot find the task"));
    }
}
