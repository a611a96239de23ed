using System.Buffers;

namespace Grpc.Core;

/// <summary>
/// Where a marshaller puts one message: either all at once with <see cref="Complete(byte[])"/>, or
/// <see cref="SetPayloadLength"/> (optional), <see cref="GetBufferWriter"/> and then <see cref="Complete()"/>.
/// The runtime overrides what it supports.
/// </summary>
public abstract class SerializationContext
{
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    public virtual void SetPayloadLength(int payloadLength) => throw new NotImplementedException();

    public virtual void Complete() => throw new NotImplementedException();
}
