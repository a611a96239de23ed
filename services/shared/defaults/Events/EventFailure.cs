namespace IssueObservatory.Mesh.Defaults;

/// <summary>Why an event was not handled, in words that hold nothing of its content.</summary>
/// <param name="Reason">The kind of failure.</param>
/// <param name="IsFinal">Whether trying again cannot help.</param>
internal sealed record EventFailure(string Reason, bool IsFinal)
{
    /// <summary>The body is larger than any event.</summary>
    public static readonly EventFailure TooLarge = new("too large", IsFinal: true);

    /// <summary>A newer publisher means something that this handler does not know.</summary>
    public static readonly EventFailure UnknownVersion = new("unknown version", IsFinal: true);

    /// <summary>Another event than the queue is for, or none.</summary>
    public static readonly EventFailure UnknownType = new("unknown type", IsFinal: true);

    /// <summary>The handler threw this.</summary>
    public static EventFailure Of(Exception exception) =>
        new(exception is MeshException ours ? $"{nameof(MeshException)} {ErrorReasonNames.Of(ours.Reason)}" : exception.GetType().Name, IsFinal: false);

    /// <summary>The body could not be read.</summary>
    public static EventFailure Unreadable(Exception exception) => new($"unreadable ({exception.GetBaseException().GetType().Name})", IsFinal: true);
}
