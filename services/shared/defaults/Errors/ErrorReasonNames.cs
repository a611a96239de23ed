using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Reasons as they are written in google.rpc.ErrorInfo: the proto's name without its prefix.</summary>
internal static class ErrorReasonNames
{
    private const string Prefix = "ERROR_REASON_";

    private static readonly Dictionary<ErrorReason, string> Names = ErrorReasonReflection.Descriptor.EnumTypes[0].Values
        .ToDictionary(value => (ErrorReason)value.Number, value => value.Name[Prefix.Length..]);

    internal static string Of(ErrorReason reason) => Names[reason];

    internal static ErrorReason Parse(string name) => Names.FirstOrDefault(pair => string.Equals(pair.Value, name, StringComparison.Ordinal)).Key;
}
