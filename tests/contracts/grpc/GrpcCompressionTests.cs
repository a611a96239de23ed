using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;
using Grpc.Core;
using Grpc.Net.Compression;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>Compressed messages, and what they are on the wire.</summary>
public sealed class GrpcCompressionTests
{
    private static readonly string Compressible = new('a', 10_000);

    [Fact]
    public async Task Both_directions_can_be_compressed()
    {
        string? encoding = null;
        await using var mesh = await GrpcLoopback.Start(
            new EchoHandlers
            {
                Say = (request, context) =>
                {
                    encoding = context.GetHttpContext().Request.Headers["grpc-encoding"];
                    return Task.FromResult(request);
                },
            },
            server => server.ResponseCompressionAlgorithm = "gzip");

        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        (await mesh.Client.SayAsync(Compressible, new CallOptions(headers))).ShouldBe(Compressible);

        encoding.ShouldBe("gzip");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_response_is_gzip_on_the_wire_unless_the_handler_says_otherwise(bool noCompress)
    {
        await using var mesh = await GrpcLoopback.Start(
            new EchoHandlers
            {
                Say = (request, context) =>
                {
                    context.WriteOptions = noCompress ? new WriteOptions(WriteFlags.NoCompress) : null;
                    return Task.FromResult(request);
                },
            },
            server => server.ResponseCompressionAlgorithm = "gzip");

        var (compressed, message) = await Post(mesh.Address, Compressible);

        compressed.ShouldBe(!noCompress);
        (message.Length < Compressible.Length / 10).ShouldBe(!noCompress);
        Encoding.UTF8.GetString(noCompress ? message : Gunzip(message)).ShouldBe(Compressible);
    }

    public static TheoryData<string> Encodings => ["gzip", "deflate"];

    [Theory, MemberData(nameof(Encodings))]
    public void A_provider_restores_what_it_compressed_and_leaves_the_stream_open(string encoding)
    {
        ICompressionProvider provider = encoding == "gzip"
            ? new GzipCompressionProvider(CompressionLevel.Fastest)
            : new DeflateCompressionProvider(CompressionLevel.Fastest);
        provider.EncodingName.ShouldBe(encoding);

        using var stream = new MemoryStream();
        using (var compression = provider.CreateCompressionStream(stream, compressionLevel: null))
        {
            compression.Write(Encoding.UTF8.GetBytes(Compressible));
        }

        // The first byte tells gzip (RFC 1952) from zlib (RFC 1950); bare deflate has neither.
        stream.ToArray()[0].ShouldBe(encoding == "gzip" ? (byte)0x1F : (byte)0x78);
        stream.Position = 0;
        using (var reader = new StreamReader(provider.CreateDecompressionStream(stream)))
        {
            reader.ReadToEnd().ShouldBe(Compressible);
        }

        stream.CanRead.ShouldBeTrue();
    }

    /// <summary>A call by hand: one length-prefixed message each way.</summary>
    private static async Task<(bool Compressed, byte[] Message)> Post(Uri address, string request)
    {
        var payload = Encoding.UTF8.GetBytes(request);
        var frame = new byte[5 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);

        using var http = new HttpClient();
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(address, Echo.Say.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        message.Content.Headers.ContentType = new("application/grpc");
        message.Headers.TE.Add(new("trailers"));
        message.Headers.Add("grpc-accept-encoding", "gzip");
        using var response = await http.SendAsync(message);
        var body = await response.Content.ReadAsByteArrayAsync();

        response.TrailingHeaders.GetValues("grpc-status").ShouldBe(["0"]);
        BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)).ShouldBe(body.Length - 5);
        return (body[0] == 1, body[5..]);
    }

    private static byte[] Gunzip(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
