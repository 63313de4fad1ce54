using Google.Protobuf;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>The path of a method and the parsers of its messages; both sides use the same.</summary>
internal sealed record GrpcMethod<TRequest, TResponse>(string Path, MessageParser<TRequest> RequestParser, MessageParser<TResponse> ResponseParser)
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>;
