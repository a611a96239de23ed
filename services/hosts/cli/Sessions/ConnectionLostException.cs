namespace IssueObservatory.Mesh.Cli.Sessions;

/// <summary>The mesh went away in the middle of a call, or is not there; nothing is known of the call.</summary>
internal sealed class ConnectionLostException(Exception cause) : Exception("The connection to the mesh was lost.", cause);
