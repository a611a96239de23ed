using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using IssueObservatory.Mesh.Reflection.V1;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>grpc.reflection.v1: which services this host has, and the files that describe them.</summary>
internal sealed class GrpcReflection(GrpcDescriptors descriptors, GrpcServedMethods served) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(Answer(requestStream.Current), context.CancellationToken);
        }
    }

    internal ServerReflectionResponse Answer(ServerReflectionRequest question)
    {
        var answer = new ServerReflectionResponse { ValidHost = question.Host, OriginalRequest = question };
        switch (question.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                answer.ListServicesResponse = new ListServiceResponse { Service = { served.Services.Select(name => new ServiceResponse { Name = name }) } };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                Tell(answer, descriptors.Files.GetValueOrDefault(question.FileByFilename), "file");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                Tell(answer, descriptors.Files.Values.FirstOrDefault(file => Declares(file, question.FileContainingSymbol)), "symbol");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                var wanted = question.FileContainingExtension;
                Tell(answer, Extensions(wanted.ContainingType).FirstOrDefault(extension => extension.FieldNumber == wanted.ExtensionNumber)?.File, "extension");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType when descriptors.Files.Values.Any(file => Declares(file, question.AllExtensionNumbersOfType)):
                answer.AllExtensionNumbersResponse = new ExtensionNumberResponse
                {
                    BaseTypeName = question.AllExtensionNumbersOfType,
                    ExtensionNumber = { Extensions(question.AllExtensionNumbersOfType).Select(extension => extension.FieldNumber).Order() },
                };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                Tell(answer, file: null, "type");
                break;
            default:
                answer.ErrorResponse = new ErrorResponse { ErrorCode = (int)StatusCode.InvalidArgument, ErrorMessage = "The request asks nothing." };
                break;
        }

        return answer;
    }

    private static void Tell(ServerReflectionResponse answer, FileDescriptor? file, string what)
    {
        if (file is null)
        {
            answer.ErrorResponse = new ErrorResponse { ErrorCode = (int)StatusCode.NotFound, ErrorMessage = $"This host knows no such {what}." };
            return;
        }

        // With all imports at once a tool needs no further questions.
        Dictionary<string, ByteString> files = new(StringComparer.Ordinal);
        Collect(file, files);
        answer.FileDescriptorResponse = new FileDescriptorResponse { FileDescriptorProto = { files.Values } };
    }

    private static void Collect(FileDescriptor file, Dictionary<string, ByteString> files)
    {
        if (files.TryAdd(file.Name, file.SerializedData))
        {
            foreach (var import in file.Dependencies)
            {
                Collect(import, files);
            }
        }
    }

    private IEnumerable<FieldDescriptor> Extensions(string extended) => descriptors.Files.Values
        .SelectMany(file => file.Extensions.UnorderedExtensions)
        .Where(extension => extension.ExtendeeType.FullName == extended);

    private static bool Declares(FileDescriptor file, string symbol) =>
        file.Services.Any(service => service.FullName == symbol || service.Methods.Any(method => method.FullName == symbol))
        || file.Extensions.UnorderedExtensions.Any(extension => extension.FullName == symbol)
        || file.EnumTypes.Any(type => Declares(type, symbol))
        || file.MessageTypes.Any(type => Declares(type, symbol));

    private static bool Declares(MessageDescriptor type, string symbol) =>
        type.FullName == symbol
        || (symbol.StartsWith(type.FullName + ".", StringComparison.Ordinal)
            && (type.Fields.InDeclarationOrder().Any(field => field.FullName == symbol)
                || type.Oneofs.Any(oneof => oneof.FullName == symbol)
                || type.EnumTypes.Any(inner => Declares(inner, symbol))
                || type.NestedTypes.Any(inner => Declares(inner, symbol))));

    private static bool Declares(EnumDescriptor type, string symbol) => type.FullName == symbol || type.Values.Any(value => value.FullName == symbol);
}
