using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>The salt is missing, too short or not this folder's: the start is refused. An options failure, so hosts show its one line as they show those.</summary>
internal sealed class SaltException(string message, Exception? innerException = null) : OptionsValidationException("Normalizer", typeof(NormalizerOptions), [message])
{
    /// <summary>What went wrong below, for the log.</summary>
    public Exception? Cause { get; } = innerException;
}
