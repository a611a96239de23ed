namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// Named places in the code at which <c>MESH_FAILPOINTS</c> lets a test kill, pause or slow this very process, or break what it does:
/// <c>collector.after_send=kill@3,governor.after_reserve=delay:500@1-5</c>. Without the variable a place costs one look at a field.
/// </summary>
public static class Failpoints
{
    internal const string Variable = "MESH_FAILPOINTS";

    private static FailpointPlan? plan;

    /// <summary>Does what the test wants to happen here; <paramref name="name"/> is one of <see cref="FailpointNames"/>.</summary>
    /// <exception cref="IOException">The test wants an error.</exception>
    public static Task HitAsync(string name, CancellationToken cancellationToken) => plan is { } armed ? armed.HitAsync(name, cancellationToken) : Task.CompletedTask;

    /// <summary>Arms the places of this process. Tests alone do that; without a text nothing changes.</summary>
    /// <exception cref="StartRefusedException">The text is no plan.</exception>
    internal static void Arm(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            plan = FailpointPlan.Parse(text);
        }
    }
}
