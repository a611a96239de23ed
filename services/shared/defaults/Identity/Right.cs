namespace IssueObservatory.Mesh.Defaults;

/// <summary>What a caller may do.</summary>
public enum Right
{
    /// <summary>See collections, coverage and pseudonymous records.</summary>
    Read,

    /// <summary>Start and steer collections; costs quota.</summary>
    Collect,

    /// <summary>See user names and addresses.</summary>
    Identify,

    /// <summary>Credentials and operation.</summary>
    Admin,
}
