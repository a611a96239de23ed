namespace IssueObservatory.Mesh.Unit.Architecture;

internal enum Layer
{
    Protos,
    Shared,
    Service,
    Host,

    /// <summary>The double of the outside world: it must not share our reading of the contract.</summary>
    Sandbox,

    /// <summary>Tests and bench.</summary>
    Observer,
}

/// <summary>hosts → services → shared → protos. Tests and bench see everything; no other arrow.</summary>
internal static class Layers
{
    public static Layer Of(string path) => path.Split('/') switch
    {
        ["build", "bench", ..] => Layer.Observer,
        ["tests", ..] => Layer.Observer,
        ["protos", ..] => Layer.Protos,
        ["services", "shared", ..] => Layer.Shared,
        ["services", "hosts", "sandbox", ..] => Layer.Sandbox,
        ["services", "hosts", ..] => Layer.Host,
        ["services", _, _] => Layer.Service,
        _ => throw new ArgumentException($"{path} is in no layer: give it a place in Layers.Of", nameof(path)),
    };

    public static bool Allows(string from, string to) => (Of(from), Of(to)) switch
    {
        (Layer.Observer, _) => true,
        (Layer.Sandbox, _) => false,
        (Layer.Protos, _) => false,
        (Layer.Shared, Layer.Protos or Layer.Shared) => true,
        (Layer.Service, Layer.Protos or Layer.Shared) => true,
        (Layer.Host, not Layer.Observer) => true,
        _ => false,
    };
}
