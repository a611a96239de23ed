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
            and.Add(first.Class is ClauseClass.Id
                ? Condition.OneOf(ConditionField.VideoId, [.. questions.Select(clause => clause.VideoId)])
                : Condition.OneOf(ConditionField.HashtagName, [.. questions.Select(clause => clause.Hashtags[0])]));
        }
        else
        {
            and.AddRange(first.Hashtags.Select(tag => Condition.Eq(ConditionField.HashtagName, tag)));
            if (first.VideoId.Length > 0)
            {
                and.Add(Condition.Eq(ConditionField.VideoId, first.VideoId));
            }
        }

        and.AddRange(first.Keywords.Select(word => Condition.Eq(ConditionField.Keyword, word)));
        if (first.Username.Length > 0)
        {
            and.Add(Condition.Eq(ConditionField.Username, first.Username));
        }

        return new() { And = and };
    }

    private static IReadOnlyList<string> Fields(Search search) =>
        search.Clauses is [var first, ..] && first.Clause.Fields.Count > 0 ? [.. first.Clause.Fields] : VideoFields.All;
}
