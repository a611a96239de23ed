using IssueObservatory.Mesh.Sandbox.Api;

namespace IssueObservatory.Mesh.Sandbox.Rehearsals;

/// <summary>The scenarios that were begun, each with where the log stood then.</summary>
internal sealed class RehearsalRoom(ResearchApi api, SandboxScript script, SandboxLog log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> begun = new(StringComparer.Ordinal);

    /// <summary>Begins a scenario, or begins it anew; its faults come on top of those that are set.</summary>
    public void Begin(SandboxScenario scenario)
    {
        lock (gate)
        {
            begun[scenario.Name] = log.Count;
        }

        api.Faults = scenario.Faults(api.Faults with { Script = [] });
        foreach (var reply in scenario.Script)
        {
            script.Enqueue(reply);
        }
    }

    /// <summary>What the client has made of it so far; null: it was not begun.</summary>
    public SandboxVerdict? Judge(SandboxScenario scenario)
    {
        lock (gate)
        {
            return begun.TryGetValue(scenario.Name, out var from) ? SandboxVerdict.Of(scenario.Name, scenario.Judge([.. log.All.Skip(from)])) : null;
        }
    }
}
