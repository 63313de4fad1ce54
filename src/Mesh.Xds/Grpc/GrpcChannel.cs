using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>
/// HTTP/2 to one server, over which calls are made. Owns its connection. TLS options are asked for per handshake, so that a
/// rotated certificate is used by the next connection without touching this one.
/// </summary>
internal sealed class GrpcChannel : IDisposable
{
    private readonly Uri _address;
    private readonly Uri _base;
    private readonly GrpcChannelSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _invoker;

    /// <param name="address"><c>http://host:port</c> (prior knowledge), <c>https://host:port</c>, or <c>unix:///path</c>.</param>
    /// <param name="settings">Limits.</param>
    /// <param name="tls">Called for each handshake of an https address; null = system roots, no client certificate.</param>
    /// <param name="time">Clock of deadlines.</param>
    public GrpcChannel(Uri address, GrpcChannelSettings settings, Func<SslClientAuthenticationOptions>? tls, TimeProvider time)
    {
        if (address.Scheme is not ("http" or "https" or "unix"))
        {
            throw new ArgumentException($"A gRPC address begins with http://, https:// or unix:///, not with {address.Scheme}:.", nameof(address));
        }

        var connector = new GrpcConnector(address, tls);
        _address = address;
        _base = connector.RequestBase;
        _settings = settings;
        _time = time;
        _invoker = new HttpMessageInvoker(CreateHandler(connector, settings));
    }

    private GrpcChannel(HttpMessageInvoker invoker, Uri address, GrpcChannelSettings settings, TimeProvider time)
    {
        _address = _base = address;
        _settings = settings;
        _time = time;
        _invoker = invoker;
    }

    /// <summary>A channel that takes somebody else's way, such as the mesh's.</summary>
    /// <param name="handler">The way; disposed of with the channel.</param>
    /// <param name="address"><c>http://host:port</c>.</param>
    /// <param name="settings">Limits; those of connections are the handler's.</param>
    /// <param name="time">Clock of deadlines.</param>
    public static GrpcChannel Over(HttpMessageHandler handler, Uri address, GrpcChannelSettings settings, TimeProvider time) =>
        new(new HttpMessageInvoker(handler), address, settings, time);

    /// <summary>One request, one response. Throws <see cref="GrpcException"/>, or <see cref="OperationCanceledException"/> when the caller cancels.</summary>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options, CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var content = new ByteArrayContent(GrpcFrameWriter.Encode(request));
        content.Headers.ContentType = new MediaTypeHeaderValue(GrpcContentType.Value);
        var call = Start(method, content, options);
        await using (call.ConfigureAwait(false))
        {
            var response = await call.ReadAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new GrpcException(GrpcStatusCode.Internal, $"{method.Path} ended with OK and without a message");
            return await call.ReadAsync(cancellationToken).ConfigureAwait(false) is null
                ? response
                : throw new GrpcException(GrpcStatusCode.Internal, $"{method.Path} answered with more than one message");
        }
    }

    /// <summary>Starts a call with streams both ways; does not wait for the server.</summary>
    public GrpcDuplexCall<TRequest, TResponse> Duplex<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        var requests = new GrpcRequestStream();
        return new GrpcDuplexCall<TRequest, TResponse>(Start(method, requests, options), requests);
    }

    public void Dispose() => _invoker.Dispose();

    private GrpcCall<TResponse> Start<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, HttpContent content, GrpcCallOptions options)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_base, method.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        Add(request, "te", "trailers");
        Add(request, "user-agent", "proxyless-mesh");
        if (options.Timeout is { } timeout)
        {
            Add(request, GrpcTimeout.Header, GrpcTimeout.Format(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero));
        }

        foreach (var (name, value) in options.Metadata ?? [])
        {
            Add(request, name, value);
        }

        return new GrpcCall<TResponse>(_invoker, _address, request, method.ResponseParser, _settings, options.Timeout, _time);
    }

    /// <summary>Values are printable ASCII (PROTOCOL-HTTP2.md, ASCII-Value). They may be tokens: the error names the header only.</summary>
    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~') || !request.Headers.TryAddWithoutValidation(name, value))
        {
            throw new ArgumentException($"The metadata {name} cannot be sent: its name or value holds a character that gRPC forbids.");
        }
    }

    /// <summary>A pipe to one server: none of HttpClient's conveniences may change what travels.</summary>
    private static SocketsHttpHandler CreateHandler(GrpcConnector connector, GrpcChannelSettings settings) => new()
    {
        ConnectCallback = connector.ConnectAsync,
        ConnectTimeout = settings.ConnectTimeout,
        KeepAlivePingDelay = settings.KeepAliveInterval,
        KeepAlivePingTimeout = settings.KeepAliveTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        EnableMultipleHttp2Connections = false,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    };
}
