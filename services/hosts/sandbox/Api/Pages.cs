namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>What a request asks for of a list: how many from where.</summary>
internal sealed record PageRequest(long MaxCount, long Cursor)
{
    /// <summary>Reads <c>max_count</c> (1 to 100) and <c>cursor</c>; null, with the outcome: the API would not have it.</summary>
    public static PageRequest? Read(ApiRequest request, int usual, out Outcome? refusal)
    {
        var page = new PageRequest(request.Integer("max_count") ?? usual, request.Integer("cursor") ?? 0);
        refusal = request.Refusal ?? (page.MaxCount is < 1 or > 100 || page.Cursor < 0 ? Outcome.Of(SandboxError.CursorInvalid) : null);
        return refusal is null ? page : null;
    }
}

/// <summary>A piece of a list, and where the next one begins.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, long Cursor, bool HasMore);

/// <summary>The two ways in which the API cuts lists into pages.</summary>
internal static class Pages
{
    /// <summary>The cursor counts positions of the list, deleted ones included.</summary>
    public static Page<T> ByIndex<T>(IReadOnlyList<T> positions, PageRequest asked)
    {
        var start = (int)Math.Min(asked.Cursor, positions.Count);
        var end = (int)Math.Min(start + asked.MaxCount, positions.Count);
        return new([.. positions.Take(start..end)], end, end < positions.Count);
    }

    /// <summary>The list runs back in time and the cursor is a time, "on or before"; 0 means now, although 1970 is before everything.</summary>
    /// <param name="entries">Newest first.</param>
    /// <param name="timeOf">An entry's time in the cursor's unit.</param>
    /// <param name="asked">How many from where.</param>
    /// <param name="now">The time that 0 stands for.</param>
    /// <param name="repeatBoundary">The next page begins with the last entry of this one, since "on or before" includes it.</param>
    public static Page<T> ByTime<T>(IReadOnlyList<T> entries, Func<T, long> timeOf, PageRequest asked, long now, bool repeatBoundary)
    {
        var until = asked.Cursor == 0 ? now : asked.Cursor;
        var rest = entries.SkipWhile(entry => timeOf(entry) > until).ToList();
        var page = rest.Take((int)asked.MaxCount).ToList();
        var more = rest.Count > page.Count;
        var last = page.Count > 0 ? timeOf(page[^1]) : until;

        // A page within a single second must still lead on.
        var next = !more ? last : repeatBoundary && last < timeOf(page[0]) ? last : Math.Min(timeOf(rest[page.Count]), last - 1);
        return new(page, next, more);
    }
}
