namespace Grpc.Core;

/// <summary>What a channel's connection is doing.</summary>
public enum ConnectivityState
{
    Idle = 0,
    Connecting = 1,
    Ready = 2,

    /// <summary>It failed and will be tried again.</summary>
    TransientFailure = 3,
    Shutdown = 4,
}
