using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Client;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>
/// gRPC calls in the shapes of Grpc.Net.Client over <see cref="IMesh.CreateHandler"/>: HttpMessageInvoker, HTTP/2 exactly, a
/// pushed body, the status from trailers or headers.
/// </summary>
internal sealed class MeshGrpc(IMesh mesh) : IDisposable
{
    public static readonly GrpcMethod<BytesValue, BytesValue> Unary = Method("Unary");
    public static readonly GrpcMethod<BytesValue, BytesValue> ClientStream = Method("ClientStream");
    public static readonly GrpcMethod<BytesValue, BytesValue> ServerStream = Method("ServerStream");
    public static readonly GrpcMethod<BytesValue, BytesValue> Duplex = Method("Duplex");
    public static readonly GrpcMethod<BytesValue, BytesValue> Status = Method("Status");
    public static readonly GrpcMethod<BytesValue, BytesValue> Hang = Method("Hang");

    private static readonly Uri s_address = new("http://greeter:9080");

    private readonly HttpMessageInvoker _invoker = new(mesh.CreateHandler());

    public static BytesValue Message(string text) => new() { Value = ByteString.CopyFromUtf8(text) };

    public static string Text(BytesValue? message) => message?.Value.ToStringUtf8() ?? "(none)";

    /// <summary>The message lies in memory, as in a client that can repeat it.</summary>
    public async Task<BytesValue?> CallAsync(GrpcMethod<BytesValue, BytesValue> method, BytesValue message, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        await using var call = Start(method, new ByteArrayContent(GrpcFrameWriter.Encode(message)), timeout);
        var response = await call.ReadAsync(cancellationToken);
        return await call.ReadAsync(cancellationToken) is null ? response : throw new InvalidDataException("There is a second message.");
    }

    public GrpcDuplexCall<BytesValue, BytesValue> Open(GrpcMethod<BytesValue, BytesValue> method, TimeSpan? timeout = null)
    {
        var requests = new GrpcRequestStream();
        return new GrpcDuplexCall<BytesValue, BytesValue>(Start(method, requests, timeout), requests);
    }

    /// <summary>The response as HTTP has it.</summary>
    public Task<HttpResponseMessage> SendAsync(GrpcMethod<BytesValue, BytesValue> method, BytesValue message) =>
        _invoker.SendAsync(Request(method, new ByteArrayContent(GrpcFrameWriter.Encode(message)), null), CancellationToken.None);

    public void Dispose() => _invoker.Dispose();

    private GrpcCall<BytesValue> Start(GrpcMethod<BytesValue, BytesValue> method, HttpContent content, TimeSpan? timeout) =>
        new(_invoker, s_address, Request(method, content, timeout), method.ResponseParser, new GrpcChannelSettings { MaxReceiveMessageSize = 16 * 1024 * 1024 }, timeout, TimeProvider.System);

    private static HttpRequestMessage Request(GrpcMethod<BytesValue, BytesValue> method, HttpContent content, TimeSpan? timeout)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(GrpcContentType.Value);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(s_address, method.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        if (timeout is { } limit)
        {
            request.Headers.TryAddWithoutValidation(GrpcTimeout.Header, GrpcTimeout.Format(limit));
        }

        return request;
    }

    private static GrpcMethod<BytesValue, BytesValue> Method(string name) => new($"/test.Greeter/{name}", BytesValue.Parser, BytesValue.Parser);
}
