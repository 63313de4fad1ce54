using Google.Protobuf;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Grpc;

/// <summary>Maps gRPC methods on Kestrel's endpoints.</summary>
internal static class GrpcEndpoints
{
    /// <summary>gRPC's own default: no request that the control plane takes comes near it.</summary>
    public const int DefaultMaxMessageSize = 4 * 1024 * 1024;

    /// <summary>One request, one response. The token is cancelled when the caller's deadline passes or the caller goes.</summary>
    public static IEndpointConventionBuilder MapGrpcUnary<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        GrpcMethod<TRequest, TResponse> method,
        Func<TRequest, HttpContext, CancellationToken, Task<TResponse>> handler,
        int maxMessageSize = DefaultMaxMessageSize)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        endpoints.Map(
            method,
            async (stream, cancellationToken) =>
            {
                var request = await stream.ReadAsync(cancellationToken).ConfigureAwait(false)
                    ?? throw new GrpcException(GrpcStatusCode.Internal, "the call holds no message");
                var response = await handler(request, stream.HttpContext, cancellationToken).ConfigureAwait(false);
                await stream.WriteAsync(response, cancellationToken).ConfigureAwait(false);
            },
            maxMessageSize,
            streams: false);

    /// <summary>Streams both ways. The call ends with OK when the handler returns.</summary>
    public static IEndpointConventionBuilder MapGrpcDuplex<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        GrpcMethod<TRequest, TResponse> method,
        Func<IGrpcServerStream<TRequest, TResponse>, CancellationToken, Task> handler,
        int maxMessageSize = DefaultMaxMessageSize)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => endpoints.Map(method, handler, maxMessageSize, streams: true);

    /// <param name="endpoints">Of Kestrel.</param>
    /// <param name="method">To serve.</param>
    /// <param name="handler">What serves it.</param>
    /// <param name="maxMessageSize">In bytes.</param>
    /// <param name="streams">Whether a call may be slow and long; a single message keeps to Kestrel's least rate and greatest size.</param>
    private static IEndpointConventionBuilder Map<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        GrpcMethod<TRequest, TResponse> method,
        Func<IGrpcServerStream<TRequest, TResponse>, CancellationToken, Task> handler,
        int maxMessageSize,
        bool streams)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var call = ActivatorUtilities.CreateInstance<GrpcServerCall>(endpoints.ServiceProvider);
        return endpoints.MapPost(method.Path, context => call.RunAsync(
            context,
            cancellationToken => handler(new GrpcServerStream<TRequest, TResponse>(context, method.RequestParser, maxMessageSize), cancellationToken),
            streams));
    }
}
