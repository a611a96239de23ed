namespace Grpc.Core;

/// <summary>Tells the server where the static method is that binds a generated service.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = true)]
public class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    /// <summary>The type with the method.</summary>
    public Type BindType { get; } = bindType;

    /// <summary>The method: (<see cref="ServiceBinderBase"/>, the service's base type).</summary>
    public string BindMethodName { get; } = bindMethodName;
}
