namespace IssueObservatory.Mesh.Defaults;

/// <summary>Who holds which key on the callers' port.</summary>
public interface ICallerKeys
{
    /// <summary>The caller that <paramref name="presented"/> belongs to; null when nobody's. MUST compare in constant time and MUST NOT log the key.</summary>
    ICallerIdentity? Find(string presented);
}
