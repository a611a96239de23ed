using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IssueObservatory.Mesh.Bench;

/// <summary>
/// One HTTP/2 connection that repeats one call and costs next to nothing, so that the server is what is measured. It sends the headers whole once and
/// then by their numbers in HPACK's table, counts what comes back, and takes every other end than a trailer for a failure.
/// </summary>
internal sealed class Http2Load : IDisposable
{
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8;
    private const byte Acknowledged = 1, EndStream = 1, EndHeaders = 4;
    private const int HeaderLength = 9;

    // :method POST and :scheme http are in HPACK's fixed table; the other four were sent once and are then numbers of the table that grew.
    private static readonly byte[] LaterHeaders = [0x83, 0x86, 0xC1, 0xC0, 0xBF, 0xBE];

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] body;
    private readonly byte[] received = new byte[256 * 1024];
    private readonly byte[] unsent = new byte[64 * 1024];
    private int receivedLength;
    private int unsentLength;
    private int stream = -1;

    private Http2Load(byte[] body) => this.body = body;

    /// <summary>Connects and makes the first call.</summary>
    public static async Task<Http2Load> ConnectAsync(Uri address, string path, byte[] body, CancellationToken cancellationToken)
    {
        var load = new Http2Load(body);
        await load.socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port), cancellationToken);
        load.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        load.WriteFrame(Settings, 0, 0, []);

        // Room for all answers at once, so that no more need be said about it.
        load.WriteFrame(WindowUpdate, 0, 0, [0x7F, 0xFF, 0x00, 0x00]);
        load.WriteCall([0x83, 0x86, .. Literal(0x44, path), .. Literal(0x41, address.Authority), .. Literal(0x5F, "application/grpc"), 0x40, .. Text("te"), .. Text("trailers")]);
        await load.FinishAsync(1, 0, cancellationToken);
        return load;
    }

    /// <summary>Makes that many calls, so many at a time.</summary>
    public Task CallAsync(int calls, int together, CancellationToken cancellationToken)
    {
        for (var i = 0; i < together; i++)
        {
            WriteCall(LaterHeaders);
        }

        return FinishAsync(calls, calls - together, cancellationToken);
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Reads until that many calls have ended; each end begins another one while some are to come.</summary>
    private async Task FinishAsync(int calls, int toCome, CancellationToken cancellationToken)
    {
        long bytes = 0;
        for (var ended = 0; ended < calls;)
        {
            await socket.SendAsync(unsent.AsMemory(0, unsentLength), cancellationToken);
            unsentLength = 0;
            var length = await socket.ReceiveAsync(received.AsMemory(receivedLength), cancellationToken);
            if (length == 0)
            {
                throw new InvalidOperationException("The server closed the connection.");
            }

            receivedLength += length;
            var (endedNow, bytesNow) = ReadFrames();
            bytes += bytesNow;
            ended += endedNow;
            for (; endedNow > 0 && toCome > 0; endedNow--, toCome--)
            {
                WriteCall(LaterHeaders);
            }
        }

        if (bytes != (long)calls * body.Length)
        {
            throw new InvalidOperationException($"The server answered {bytes} bytes to {calls} calls of {body.Length}.");
        }
    }

    private (int Ended, int Bytes) ReadFrames()
    {
        var (at, ended, bytes) = (0, 0, 0);
        while (receivedLength - at >= HeaderLength)
        {
            var header = received.AsSpan(at, HeaderLength);
            var length = BinaryPrimitives.ReadInt32BigEndian(header) >>> 8;
            var (type, flags) = (header[3], header[4]);
            if (receivedLength - at < HeaderLength + length)
            {
                break;
            }

            var payload = received.AsSpan(at + HeaderLength, length);
            at += HeaderLength + length;
            switch (type)
            {
                case Data when (flags & EndStream) == 0:
                    bytes += length;
                    break;
                case Headers:
                    ended += flags & EndStream;
                    break;
                case Settings or Ping when (flags & Acknowledged) == 0:
                    WriteFrame(type, Acknowledged, 0, type is Ping ? payload : []);
                    break;
                case Data or Reset or GoAway:
                    throw new InvalidOperationException($"The server ended a call with frame {type}.");
            }
        }

        received.AsSpan(at, receivedLength - at).CopyTo(received);
        receivedLength -= at;
        return (ended, bytes);
    }

    private void WriteCall(ReadOnlySpan<byte> headers)
    {
        stream += 2;
        WriteFrame(Headers, EndHeaders, stream, headers);
        WriteFrame(Data, EndStream, stream, body);
    }

    private void WriteFrame(byte type, byte flags, int onStream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8);
        (header[3], header[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(header[5..], onStream);
        Write(header);
        Write(payload);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(unsent.AsSpan(unsentLength));
        unsentLength += bytes.Length;
    }

    private static byte[] Literal(byte name, string value) => [name, .. Text(value)];

    private static byte[] Text(string value) => [(byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
}
