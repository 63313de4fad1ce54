using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>TransportSocket: TLS or plaintext. An error never becomes plaintext (gRFC A29).</summary>
internal static class TransportSockets
{
    private const string TlsName = "envoy.transport_sockets.tls";
    private const string PlaintextName = "envoy.transport_sockets.raw_buffer";
    private const string Field = "transport_socket";

    public static UpstreamTlsConfig? DecodeUpstream(TransportSocket? socket, DecodeContext context)
    {
        if (!IsTls(socket, context))
        {
            return null;
        }

        var tls = TypedConfig.Unpack(socket!.TypedConfig, TypeNames.UpstreamTlsContext, UpstreamTlsContext.Parser, Field, context);
        using (context.Enter(Field))
        {
            return tls is null ? null : UpstreamTlsDecoder.Decode(tls, context);
        }
    }

    public static DownstreamTlsConfig? DecodeDownstream(TransportSocket? socket, DecodeContext context)
    {
        if (!IsTls(socket, context))
        {
            return null;
        }

        var tls = TypedConfig.Unpack(socket!.TypedConfig, TypeNames.DownstreamTlsContext, DownstreamTlsContext.Parser, Field, context);
        using (context.Enter(Field))
        {
            return tls is null ? null : DownstreamTlsDecoder.Decode(tls, context);
        }
    }

    private static bool IsTls(TransportSocket? socket, DecodeContext context)
    {
        switch (socket?.Name)
        {
            case null or PlaintextName:
                return false;
            case TlsName:
                return true;
            default:
                context.Error(Field, $"{DecodeContext.Quote(socket.Name)} is not supported; {TlsName} and {PlaintextName} are");
                return false;
        }
    }
}
