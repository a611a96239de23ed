namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>What a run brought, against what each term alone would have brought.</summary>
internal static class Verdicts
{
    /// <summary>Records that a term should have and has not, and those that it has and should not.</summary>
    public static int LostOf(ReferenceWorld world, LabRun run) => world.Terms.Sum(term =>
    {
        var has = run.ByClause.GetValueOrDefault(ReferenceWorld.ClauseOf(term).ClauseId, []);
        var should = world.Found(term).ToHashSet(StringComparer.Ordinal);
        return should.Count(id => !has.Contains(id)) + has.Count(id => !should.Contains(id));
    });

    /// <summary>Days that some term did not get to their end.</summary>
    public static int MissingDaysOf(ReferenceWorld world, LabRun run) =>
        world.Terms.Sum(term => world.Days.Count - run.Lab.Complete(ReferenceWorld.ClauseOf(term)).Count);
}
