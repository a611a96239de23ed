using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The request that a search sends next.</summary>
internal static class SearchQueries
{
    public static ResearchRequest Next(Search search, Checkpoint checkpoint) => search.Kind switch
    {
        SearchKind.List => search.Api(checkpoint.Cursor).Ask(search.List.Subject) with { Cursor = checkpoint.Cursor },
        SearchKind.Refresh when search.IsCheck => ComplianceSteps.Ask(search, checkpoint),
        _ => new VideoQueryRequest
        {
            Query = Query(search),
            StartDate = search.Window.From,
            EndDate = search.Window.To,
            Cursor = checkpoint.Cursor,
            SearchId = checkpoint.TikTokSearchId.Length > 0 ? checkpoint.TikTokSearchId : null,
            Fields = Fields(search),
            MaxCount = search.Sample > 0 ? Math.Clamp(search.Sample - checkpoint.Drawn, 1, VideoQueryRequest.LargestPage) : VideoQueryRequest.LargestPage,
            IsRandom = search.Sample > 0,
        },
    };

    /// <summary>What all clauses share is ANDed; what they differ in becomes one IN.</summary>
    private static VideoQuery Query(Search search)
    {
        if (search.Kind is SearchKind.Refresh)
        {
            return new() { And = [Condition.OneOf(ConditionField.VideoId, search.VideoIds)] };
        }

        var questions = search.Questions;
        var first = questions[0];
        if (first.Class is ClauseClass.Query)
        {
            return QueryFileReader.Read(first.QueryJson).File!.Query;
        }

        List<Condition> and = [];
        if (first.RegionCodes.Count > 0)
        {
            and.Add(Condition.OneOf(ConditionField.RegionCode, first.RegionCodes));
        }

        if (questions.Count > 1)
        {
            var (field, values) = Varying(questions);
            and.Add(Condition.OneOf(field, values));
        }

        // With several questions, the atom in which they differ is in the one condition above.
        var varies = questions.Count > 1 ? first.Class : ClauseClass.Unspecified;
        and.AddRange(varies is ClauseClass.Hashtag ? [] : first.Hashtags.Select(tag => Condition.Eq(ConditionField.HashtagName, tag)));
        and.AddRange(varies is ClauseClass.Id || first.VideoId.Length == 0 ? [] : [Condition.Eq(ConditionField.VideoId, first.VideoId)]);
        and.AddRange(varies is ClauseClass.Keyword ? [] : first.Keywords.Select(word => Condition.Eq(ConditionField.Keyword, word)));
        and.AddRange(varies is ClauseClass.Username || first.Username.Length == 0 ? [] : [Condition.Eq(ConditionField.Username, first.Username)]);
        return new() { And = and };
    }

    private static (ConditionField Field, IReadOnlyList<string> Values) Varying(IReadOnlyList<Clause> questions) => questions[0].Class switch
    {
        ClauseClass.Id => (ConditionField.VideoId, [.. questions.Select(clause => clause.VideoId)]),
        ClauseClass.Username => (ConditionField.Username, [.. questions.Select(clause => clause.Username)]),
        ClauseClass.Keyword => (ConditionField.Keyword, [.. questions.Select(clause => clause.Keywords[0])]),
        _ => (ConditionField.HashtagName, [.. questions.Select(clause => clause.Hashtags[0])]),
    };

    private static IReadOnlyList<string> Fields(Search search) =>
        search.Clauses is [var first, ..] && first.Clause.Fields.Count > 0 ? [.. first.Clause.Fields] : VideoFields.All;
}
