namespace IssueObservatory.Mesh.Defaults;

/// <summary>Who calls. Every list and get is limited to its lab.</summary>
public interface ICallerIdentity
{
    /// <summary>The lab; every key begins with it.</summary>
    string LabId { get; }

    /// <summary>The caller's name for logs, e.g. <c>local</c> or a service's name. Never a person's.</summary>
    string Caller { get; }

    /// <summary>Whether the caller is a service of the mesh on the internal port.</summary>
    bool IsMesh { get; }

    /// <summary>Whether the caller has the right. Services of the mesh have every right.</summary>
    bool Has(Right right);
}
