using System.Net.Security;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>
/// HTTP/2 to one server, over which calls are made. Owns its connection. TLS options are asked for per handshake, so that a
/// rotated certificate is used by the next connection without touching this one.
/// </summary>
internal sealed class GrpcChannel : IDisposable
{
    /// <param name="address"><c>http://host:port</c> (prior knowledge), <c>https://host:port</c>, or <c>unix:///path</c>.</param>
    /// <param name="settings">Limits.</param>
    /// <param name="tls">Called for each handshake of an https address; null = system roots, no client certificate.</param>
    /// <param name="time">Clock of deadlines.</param>
    public GrpcChannel(Uri address, GrpcChannelSettings settings, Func<SslClientAuthenticationOptions>? tls, TimeProvider time)
        => throw new NotImplementedException();

    /// <summary>One request, one response. Throws <see cref="GrpcException"/>, or <see cref="OperationCanceledException"/> when the caller cancels.</summary>
    public Task<TResponse> UnaryAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options, CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
        => throw new NotImplementedException();

    /// <summary>Starts a call with streams both ways; does not wait for the server.</summary>
    public GrpcDuplexCall<TRequest, TResponse> Duplex<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
        => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
