using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>What a failed start tells people: every reason once, without a stack trace.</summary>
public static class StartFailure
{
    private const int ExitCode = 1;

    /// <summary>One line for each thing that is wrong; null when the exception is no refusal but a defect.</summary>
    public static IReadOnlyList<string>? Explain(Exception exception) => exception switch
    {
        StartRefusedException refused => [refused.Message],
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException { InnerExceptions: var inner } when inner.All(one => Explain(one) is not null) => [.. inner.SelectMany(one => Explain(one)!).Distinct(StringComparer.Ordinal)],
        _ => null,
    };

    /// <summary>Lets a process of its own end with these lines instead of a stack trace.</summary>
    internal static void ExplainUnhandled() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (unhandled.ExceptionObject is Exception exception && Explain(exception) is { } lines)
        {
            foreach (var line in lines)
            {
                Console.Error.WriteLine(line);
            }

            Environment.Exit(ExitCode);
        }
    };
}
