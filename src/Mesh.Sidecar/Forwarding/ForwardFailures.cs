using System.Net.Sockets;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Sidecar.Outbound;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>What a caller is told when its request could not be forwarded: one sentence, with what Envoy's flags would say.</summary>
internal static class ForwardFailures
{
    public static InboundReply NoTarget { get; } = new(
        StatusCodes.Status501NotImplemented, GrpcStatusCode.Unimplemented, "The request target cannot be forwarded: only a path with a query can");

    public static InboundReply NotAscii { get; } = new(
        StatusCodes.Status400BadRequest, GrpcStatusCode.Internal, "A header's value must be ASCII to be sent through the mesh");

    /// <summary>Of a response whose headers cannot be sent on.</summary>
    public static InboundReply BadHeaders(ForwardDestination destination) => Of(
        StatusCodes.Status502BadGateway, ResponseFlags.UpstreamProtocolError, $"{destination.Name} answered with headers that must not be passed on");

    /// <summary>Of an answer 101 to a request that asked for none.</summary>
    public static InboundReply UnwantedSwitch(ForwardDestination destination) => Of(
        StatusCodes.Status502BadGateway, ResponseFlags.UpstreamProtocolError, $"{destination.Name} switched protocols without being asked");

    /// <summary>Of a request that never got a response.</summary>
    public static InboundReply Of(ForwardDestination destination, Exception failure) => failure switch
    {
        BadHttpRequestException bad => new InboundReply(bad.StatusCode, GrpcStatusCode.Internal, "The request's body is malformed or too large"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } =>
            Unavailable(ResponseFlags.UpstreamConnectionFailure, $"{destination.Name} cannot be reached: {Cause(failure)}"),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError } =>
            Of(StatusCodes.Status502BadGateway, ResponseFlags.UpstreamProtocolError, $"{destination.Name} did not answer as HTTP/{(destination.Version.Major == 2 ? "2" : "1.1")} must"),
        OperationCanceledException => Unavailable(ResponseFlags.UpstreamConnectionFailure, $"{destination.Name} cannot be reached: no connection in time"),
        _ => Unavailable(ResponseFlags.UpstreamConnectionTermination, $"{destination.Name} closed the connection before it answered"),
    };

    private static InboundReply Of(int status, ResponseFlags flags, string sentence) =>
        new(status, GrpcStatusCode.Unavailable, sentence) { Flags = flags };

    private static InboundReply Unavailable(ResponseFlags flags, string sentence) => Of(StatusCodes.Status503ServiceUnavailable, flags, sentence);

    private static string Cause(Exception failure) =>
        failure.InnerException switch
        {
            SocketException socket => Words(socket),
            ProxyLoopException => "its address is that of this proxy",
            _ => "no connection",
        };

    private static string Words(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.TimedOut => "no connection in time",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its name is not known",
        _ => failure.SocketErrorCode.ToString(),
    };
}
