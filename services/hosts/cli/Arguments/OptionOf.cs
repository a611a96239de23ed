using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>Options whose refusal says what is allowed.</summary>
internal static class OptionOf
{
    /// <summary>RFC 3339.</summary>
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>A number within limits.</summary>
    public static Option<double> Number(string name, string unit, string description, double least, double most, bool recursive = false) => new(name)
    {
        HelpName = unit,
        Description = description,
        Recursive = recursive,
        CustomParser = result =>
            double.TryParse(Only(result), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : Refuse<double>(result, string.Create(CultureInfo.InvariantCulture, $"{name} is '{Only(result)}'; allowed is a number from {least} to {most}")),
    };

    /// <summary>A whole number within limits.</summary>
    public static Option<long> Whole(string name, string description, long least, long most) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result =>
            long.TryParse(Only(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : Refuse<long>(result, string.Create(CultureInfo.InvariantCulture, $"{name} is '{Only(result)}'; allowed is a whole number from {least:N0}{(most == long.MaxValue ? "" : $" to {most:N0}")}")),
    };

    /// <summary>A calendar day.</summary>
    public static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        HelpName = "DATE",
        Description = description,
        CustomParser = result =>
            DateOnly.TryParseExact(Only(result), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : Refuse<DateOnly?>(result, $"{name} is '{Only(result)}'; allowed is a day such as 2026-01-31"),
    };

    /// <summary>A moment.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        HelpName = "TIME",
        Description = description,
        CustomParser = result =>
            DateTimeOffset.TryParseExact(Only(result), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? time
                : Refuse<DateTimeOffset?>(result, $"{name} is '{Only(result)}'; allowed is a time such as 2026-01-31T12:00:00Z"),
    };

    /// <summary>One of a few words.</summary>
    public static Option<string?> Word(string name, string description, params string[] allowed) => new(name)
    {
        HelpName = string.Join('|', allowed),
        Description = description,
        CustomParser = result =>
            allowed.Contains(Only(result), StringComparer.Ordinal)
                ? Only(result)
                : Refuse<string?>(result, $"{name} is '{Only(result)}'; allowed is {string.Join(" or ", allowed)}"),
    };

    /// <summary>Several values in one argument, separated by commas.</summary>
    public static Option<string[]> List(string name, string unit, string description) => new(name)
    {
        HelpName = unit,
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Only(result).Split(',', StringSplitOptions.TrimEntries) switch
        {
            var values when values.All(value => value.Length == 0) => Refuse<string[]>(result, $"{name} is empty; allowed are values separated by commas"),
            var values when values.IndexOf("") is >= 0 and var place =>
                Refuse<string[]>(result, string.Create(CultureInfo.InvariantCulture, $"{name} is '{Only(result)}', and number {place + 1} in it is empty; allowed are values separated by single commas")),
            var values => values,
        },
    };

    /// <summary>An address of a server.</summary>
    public static Option<Uri> Address(string name, string unit, string description, bool recursive) => new(name)
    {
        HelpName = unit,
        Description = description,
        Recursive = recursive,
        CustomParser = result => Uri.TryCreate(Only(result), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : Refuse<Uri>(result, $"{name} is '{Only(result)}'; allowed is an address such as http://127.0.0.1:5080"),
    };

    private static string Only(ArgumentResult result) => result.Tokens[0].Value;

    private static T? Refuse<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
