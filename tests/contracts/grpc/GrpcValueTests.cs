using System.Buffers;
using System.Text;
using Grpc.Core;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>The contract's values, without a runtime: metadata, statuses, options, marshallers.</summary>
public sealed class GrpcValueTests
{
    [Fact]
    public void Keys_are_lowered_and_found_in_any_case()
    {
        var metadata = new Metadata { { "X-Caller.Id_1", "arena" } };

        metadata[0].Key.ShouldBe("x-caller.id_1");
        metadata.GetValue("X-CALLER.ID_1").ShouldBe("arena");
        metadata.Get("absent").ShouldBeNull();
        metadata.GetValue("absent").ShouldBeNull();
        metadata.GetValueBytes("absent").ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData(":path")]
    [InlineData("kø")]
    [InlineData("\u212Aelvin")]
    [InlineData("line\nbreak")]
    public void Other_characters_are_refused(string key)
    {
        Should.Throw<ArgumentException>(() => new Metadata.Entry(key, "value")).ParamName.ShouldBe("key");
        Should.Throw<ArgumentException>(() => new Metadata.Entry($"{key}-bin ", [1])).ParamName.ShouldBe("key");
    }

    [Fact]
    public void The_ending_of_a_key_decides_between_text_and_bytes()
    {
        Should.Throw<ArgumentException>(() => new Metadata.Entry("details-BIN", "text"));
        Should.Throw<ArgumentException>(() => new Metadata.Entry("details", [1]));

        var text = new Metadata.Entry("details", "abc");
        text.IsBinary.ShouldBeFalse();
        text.ValueBytes.ShouldBe("abc"u8.ToArray());
        var binary = new Metadata.Entry("details-BIN", [1]);
        binary.IsBinary.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => binary.Value);
    }

    [Fact]
    public void Bytes_are_copied_in_and_out()
    {
        byte[] bytes = [1, 2];
        var entry = new Metadata.Entry("x-bin", bytes);

        bytes[0] = 9;
        entry.ValueBytes[1] = 9;

        entry.ValueBytes.ShouldBe([1, 2]);
    }

    [Fact]
    public void Entries_keep_their_order_and_the_last_of_a_key_wins()
    {
        var metadata = new Metadata { { "a", "1" }, { "b", "2" }, { "A", "3" } };

        metadata.Select(entry => $"{entry.Key}={entry.Value}").ShouldBe(["a=1", "b=2", "a=3"]);
        metadata.GetAll("a").Select(entry => entry.Value).ShouldBe(["1", "3"]);
        metadata.GetValue("a").ShouldBe("3");

        metadata.Insert(0, new Metadata.Entry("c", "0"));
        metadata.RemoveAt(3);
        metadata[1] = new Metadata.Entry("d", "4");
        metadata.Remove(metadata[2]).ShouldBeTrue();
        metadata.Select(entry => entry.Key).ShouldBe(["c", "d"]);
    }

    [Fact]
    public void Empty_metadata_cannot_be_changed()
    {
        var entry = new Metadata.Entry("a", "1");

        Metadata.Empty.IsReadOnly.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => Metadata.Empty.Add(entry));
        Should.Throw<InvalidOperationException>(() => Metadata.Empty.Insert(0, entry));
        Should.Throw<InvalidOperationException>(() => Metadata.Empty[0] = entry);
        Should.Throw<InvalidOperationException>(() => Metadata.Empty.Remove(entry));
        Should.Throw<InvalidOperationException>(() => Metadata.Empty.RemoveAt(0));
        Should.Throw<InvalidOperationException>(() => Metadata.Empty.Clear());
        new Metadata().IsReadOnly.ShouldBeFalse();
    }

    [Fact]
    public void Status_codes_have_the_numbers_of_the_protocol() =>
        Enum.GetValues<StatusCode>().Select(code => $"{(int)code} {code}").ShouldBe([
            "0 OK", "1 Cancelled", "2 Unknown", "3 InvalidArgument", "4 DeadlineExceeded", "5 NotFound", "6 AlreadyExists",
            "7 PermissionDenied", "8 ResourceExhausted", "9 FailedPrecondition", "10 Aborted", "11 OutOfRange",
            "12 Unimplemented", "13 Internal", "14 Unavailable", "15 DataLoss", "16 Unauthenticated",
        ]);

    [Fact]
    public void An_exception_carries_its_status_trailers_and_cause()
    {
        var cause = new IOException("broken pipe");
        var status = new Status(StatusCode.Unavailable, "gone", cause);
        var trailers = new Metadata { { "a", "1" } };

        var exception = new RpcException(status, trailers);

        exception.Status.ShouldBe(status);
        exception.StatusCode.ShouldBe(StatusCode.Unavailable);
        exception.Trailers.ShouldBeSameAs(trailers);
        exception.InnerException.ShouldBeSameAs(cause);
        exception.Message.ShouldBe(
            "Status(StatusCode=\"Unavailable\", Detail=\"gone\", DebugException=\"System.IO.IOException: broken pipe\")");
        new RpcException(status, "for people").Message.ShouldBe("for people");
        new RpcException(status).Trailers.ShouldBeSameAs(Metadata.Empty);
        default(Status).ShouldBe(Status.DefaultSuccess, new StatusText());
    }

    [Fact]
    public void Each_option_changes_a_copy_and_nothing_else()
    {
        using var cancellation = new CancellationTokenSource();
        var headers = new Metadata();
        var deadline = new DateTime(2026, 11, 22, 0, 0, 0, DateTimeKind.Utc);
        var credentials = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);
        var untouched = new CallOptions();

        var options = untouched
            .WithHeaders(headers)
            .WithDeadline(deadline)
            .WithCancellationToken(cancellation.Token)
            .WithWriteOptions(WriteOptions.Default)
            .WithCredentials(credentials)
            .WithWaitForReady();

        options.Headers.ShouldBeSameAs(headers);
        options.Deadline.ShouldBe(deadline);
        options.CancellationToken.ShouldBe(cancellation.Token);
        options.WriteOptions.ShouldBeSameAs(WriteOptions.Default);
        options.Credentials.ShouldBeSameAs(credentials);
        options.IsWaitForReady.ShouldBeTrue();
        options.WithWaitForReady(false).IsWaitForReady.ShouldBeFalse();
        options.WithHeaders([]).Deadline.ShouldBe(deadline);
        untouched.ShouldBe(new CallOptions());
    }

    [Fact]
    public void A_marshaller_of_either_form_works_in_both()
    {
        var byArray = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);
        var byContext = Marshallers.Create(
            (message, context) =>
            {
                context.SetPayloadLength(Encoding.UTF8.GetByteCount(message));
                Encoding.UTF8.GetBytes(message, context.GetBufferWriter());
                context.Complete();
            },
            context => Encoding.UTF8.GetString(context.PayloadAsReadOnlySequence()));

        foreach (var marshaller in (Marshaller<string>[])[byArray, byContext, Marshallers.StringMarshaller])
        {
            marshaller.Deserializer(marshaller.Serializer("hej æøå")).ShouldBe("hej æøå");
            marshaller.Deserializer(marshaller.Serializer("")).ShouldBe("");
        }

        var forgetful = Marshallers.Create<string>((_, _) => { }, _ => "");
        Should.Throw<InvalidOperationException>(() => forgetful.Serializer("x"));
    }

    [Fact]
    public void A_method_knows_its_path()
    {
        Echo.Say.FullName.ShouldBe("/mesh.contracts.Echo/Say");
        Echo.Chat.Type.ShouldBe(MethodType.DuplexStreaming);
    }

    private sealed class StatusText : IEqualityComparer<Status>
    {
        public bool Equals(Status x, Status y) => x.ToString() == y.ToString();

        public int GetHashCode(Status obj) => obj.ToString().GetHashCode(StringComparison.Ordinal);
    }
}
