using IssueObservatory.Mesh.ResearchApi;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Reads what an answer means for a check.</summary>
internal static class CompliancePages
{
    /// <summary>The code of a download that is no list of ids that were asked for.</summary>
    public const string BrokenFile = "broken_file";

    public static Outcome Read(Search search, long step, RawReply reply) => step is ComplianceSteps.Download ? ReadFile(search, reply) : ReadTask(step, reply);

    private static Outcome ReadTask(long step, RawReply reply)
    {
        var answer = PageReader.ReadAnswer<ValidationTaskItem>(ComplianceSteps.Api(step), reply.Body, reply.Status ?? 0);
        var outcome = Outcomes.Of(answer.Error);
        return outcome.Class is not ApiErrorClass.Ok ? outcome : (step, answer.Item) switch
        {
            (ComplianceSteps.Create, { TaskId: { } id }) => outcome with { TaskId = id },
            (ComplianceSteps.Status, { State: { } state }) => outcome with { TaskState = state },
            _ => Unreadable(outcome, "unreadable"),
        };
    }

    /// <summary>An id that nobody asked for, for example one that was cut, spoils the file like a word that is no id: who knows what else it lacks.</summary>
    private static Outcome ReadFile(Search search, RawReply reply)
    {
        var file = ValidIdsReader.Read(reply.Body, reply.Status ?? 0);
        var outcome = Outcomes.Of(file.Error);
        return file.Ids is not { } ids ? outcome.Class is ApiErrorClass.Unreadable && reply.Status is 200 ? Unreadable(outcome, BrokenFile) : outcome
            : ids.IsSubsetOf(search.VideoIds) ? outcome with { VideoIds = [.. ids.Order(StringComparer.Ordinal)] }
            : Unreadable(outcome, BrokenFile);
    }

    private static Outcome Unreadable(Outcome outcome, string code) => outcome with { Class = ApiErrorClass.Unreadable, Code = code };
}
