using System.Diagnostics.CodeAnalysis;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What an argument means, or one line that names the argument, what is wrong with it and what is allowed.</summary>
public sealed record Parsed<T>
    where T : class
{
    private Parsed()
    {
    }

    public T? Value { get; private init; }

    public string? Error { get; private init; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsValid => Value is not null;

    internal Parsed<TOther> To<TOther>(Func<T, TOther> read)
        where TOther : class => IsValid ? Parsed<TOther>.Of(read(Value)) : new() { Error = Error };

    internal static Parsed<T> Of(T value) => new() { Value = value };

    internal static Parsed<T> Refused(string argument, string why) => new() { Error = $"{argument}: {why}" };
}
