using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A collection's records are its clauses × its days, whoever paid for them.</summary>
internal static class RecordViews
{
    public static RecordView Of(CollectionFacts facts, bool identified = false, DocumentType type = DocumentType.Unspecified)
    {
        var spec = CollectionSpec.Parser.ParseJson(facts.Collection.Spec);
        var view = new RecordView
        {
            CollectionRunId = spec.CollectionRunId,
            QueryDesignId = spec.QueryDesignId,
            MaxResults = facts.Collection.MaxResults,
            Identified = identified,
            Type = type,
        };
        view.Inputs.Add(facts.Asked.Select(asked => new ClauseInput { Clause = asked.Clause, Term = asked.Term, Input = asked.Input }));
        foreach (var clause in facts.Asked.GroupBy(asked => asked.Clause.ClauseId, StringComparer.Ordinal))
        {
            view.Days[clause.Key] = StandingDays.Shown(facts.Collection, clause.Select(asked => asked.Days).Aggregate((one, other) => one.Union(other))).ToRange();
        }

        view.PublicFigureIds.Add(spec.PublicFigureIds);
        view.Languages.Add(spec.Languages);
        return view;
    }

    /// <summary>Which documents a collection of lists makes; UNSPECIFIED: records.</summary>
    public static DocumentType Makes(CollectionFacts facts) =>
        facts.Asked is [{ IsList: true } first, ..] ? first.Clause.Endpoint.Makes() : DocumentType.Unspecified;

    /// <summary>Everything that the collection keeps.</summary>
    public static RecordView Whole(CollectionFacts facts)
    {
        var view = Unlimited(facts);
        view.Languages.Clear();
        return view;
    }

    public static RecordView Unlimited(CollectionFacts facts)
    {
        var view = Of(facts);
        view.MaxResults = 0;
        return view;
    }
}
