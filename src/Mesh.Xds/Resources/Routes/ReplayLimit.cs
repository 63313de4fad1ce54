using Envoy.Config.Route.V3;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>How much of a body is kept for retries: request_body_buffer_limit, else its older form per_request_buffer_limit_bytes.</summary>
internal static class ReplayLimit
{
    /// <summary>More is not kept whatever the configuration says: it is memory of the application's process.</summary>
    public const int Greatest = 16 * 1024 * 1024;

    public static int? Of(VirtualHost host) => Bounded(host.RequestBodyBufferLimit ?? host.PerRequestBufferLimitBytes);

    public static int? Of(Route route, int? general) => Bounded(route.RequestBodyBufferLimit ?? route.PerRequestBufferLimitBytes) ?? general;

    private static int? Bounded(ulong? limit) => limit is { } bytes ? (int)Math.Min(bytes, Greatest) : null;
}
