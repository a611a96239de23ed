namespace IssueObservatory.Mesh.Defaults;

/// <summary>One key for the caller <c>local</c> of lab <c>default</c>, which may do everything; without a key nobody is let in.</summary>
/// <param name="key">The key.</param>
public sealed class LocalCallerKey(Secret<string>? key) : ICallerKeys
{
    private static readonly CallerIdentity Local = new() { LabId = "default", Caller = "local", Rights = Enum.GetValues<Right>() };

    /// <inheritdoc/>
    public ICallerIdentity? Find(string presented) => key is { } known && AccessKey.Same(presented, known) ? Local : null;
}
