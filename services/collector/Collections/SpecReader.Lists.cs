using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Specs that ask for lists.</summary>
internal sealed partial class SpecReader
{
    private const int ShownId = 12;

    private bool IsList => spec.List is not ApiEndpoint.Unspecified || spec.Subjects.Count > 0 || spec.OfCollectionId.Length > 0;

    private ReadSpec ReadLists()
    {
        CheckList();
        List<(AskedClause Asked, long Items)> asked = !spec.List.HasLists() ? []
            : spec.OfCollectionId.Length > 0 ? [.. ReadOf()]
            : [.. ReadSubjects().Select(clause => (clause, 0L))];
        if (violations.Count > 0)
        {
            throw MeshException.BadInput(violations);
        }

        FillIn();
        var items = asked.GroupBy(each => each.Asked.List).ToDictionary(list => list.Key, list => list.Max(each => each.Items));
        return new(spec, [.. asked.Select(each => each.Asked)], [.. items.Keys]) { Items = items };
    }

    private void CheckList()
    {
        if (!spec.List.HasLists())
        {
            Refuse("spec.list", $"list must be one of {string.Join(", ", ListEndpoints.Kinds)}; videos are asked for by terms, actors, videos or a query");
        }

        CheckWhatListsDoNotHave();
        if (spec.OfCollectionId.Length > 0)
        {
            CheckOf();
        }
        else if (spec.Subjects.Count == 0)
        {
            Refuse("spec.subjects", "subjects must say of whom or what; at least one is needed");
        }
    }

    /// <summary>A list is read as it is now, whole, and TikTok does not filter it.</summary>
    private void CheckWhatListsDoNotHave()
    {
        foreach (var (field, isGiven) in new[]
        {
            ("days", spec.Days is not null),
            ("regions", spec.Regions.Count > 0),
            ("languages", spec.Languages.Count > 0),
            ("fields", spec.Fields.Count > 0),
            ("without_profiles", spec.WithoutProfiles),
            ("sample", spec.Sample > 0),
        })
        {
            if (isGiven)
            {
                Refuse($"spec.{field}", $"{field} cannot be used with a list, which is read whole and as it is now; leave it out");
            }
        }

        if (spec.MaxResults > 0 && spec.List.HasLists() && spec.List.Makes() is not DocumentType.Unspecified)
        {
            Refuse("spec.max_results", $"max_results counts records, and {spec.List.Kind()} make none; allowed is `max_units`");
        }
    }

    private void CheckOf()
    {
        if (spec.Subjects.Count > 0)
        {
            Refuse("spec.of_collection_id", "of_collection_id says of whom or what already; give either it or `subjects`");
        }

        if (spec.List.HasLists() && spec.List is not (ApiEndpoint.Comments or ApiEndpoint.UserInfo))
        {
            Refuse("spec.of_collection_id", $"of_collection_id cannot be used with {spec.List.Kind()}; allowed with comments (of its videos) and users (its authors)");
        }
        else if (of is null)
        {
            Refuse("spec.of_collection_id", $"of_collection_id '{spec.OfCollectionId}' is not known here; allowed is the id of a collection");
        }
        else if (of.Count > MaxVideos)
        {
            Refuse("spec.of_collection_id", $"of_collection_id names {of.Count} lists; at most {MaxVideos} are allowed");
        }
    }

    private IEnumerable<AskedClause> ReadSubjects()
    {
        for (var i = 0; i < spec.Subjects.Count; i++)
        {
            var read = SubjectParser.Parse(spec.List.Api(), spec.Subjects[i]);
            if (!read.IsValid)
            {
                Refuse($"spec.subjects[{i}]", read.Error);
                continue;
            }

            yield return ListClauses.Ask(ListKey.Of(spec.List, read.Value), spec.Subjects[i].Trim());
        }
    }

    /// <summary>An author is nobody's typing: it is shown without its name. What cannot be asked for is left out.</summary>
    private IEnumerable<(AskedClause Asked, long Items)> ReadOf()
    {
        foreach (var subject in of ?? [])
        {
            if (SubjectParser.Parse(spec.List.Api(), subject.Subject) is { IsValid: true, Value: var value })
            {
                var asked = ListClauses.Ask(ListKey.Of(spec.List, value), value);
                yield return (spec.List is ApiEndpoint.UserInfo ? asked with { Input = $"author {asked.Clause.ClauseId[..ShownId]}" } : asked, subject.Items);
            }
        }
    }
}
