using System.Net;

namespace ProxylessMesh.Sidecar.Gateway;

/// <summary>
/// What a gateway that trusts no proxy before it makes of the headers that speak of the caller (Istio, numTrustedProxies 0; Envoy,
/// use_remote_address): the address that connected is the caller's, and what steers proxies is the mesh's own to say.
/// </summary>
internal static class EdgeHeaders
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";
    private const string ExternalAddress = "x-envoy-external-address";

    /// <summary>Envoy's headers that a proxy obeys or believes, which it takes from callers inside only.</summary>
    private static readonly string[] s_internal =
    [
        "x-envoy-internal", "x-envoy-downstream-service-cluster", "x-envoy-downstream-service-node", "x-envoy-expected-rq-timeout-ms",
        "x-envoy-force-trace", "x-envoy-hedge-on-per-try-timeout", "x-envoy-ip-tags", "x-envoy-max-retries", "x-envoy-original-path",
        "x-envoy-original-host", "x-envoy-retriable-header-names", "x-envoy-retriable-status-codes", "x-envoy-retry-grpc-on",
        "x-envoy-retry-on", "x-envoy-upstream-alt-stat-name", "x-envoy-upstream-rq-per-try-timeout-ms",
        "x-envoy-upstream-rq-timeout-alt-response", "x-envoy-upstream-rq-timeout-ms", "x-envoy-upstream-stream-duration-ms",
        "x-envoy-decorator-operation", "x-envoy-attempt-count", "x-envoy-peer-metadata", "x-envoy-peer-metadata-id", "x-envoy-original-dst-host",
    ];

    public static void Apply(HttpContext context, bool isSecured)
    {
        var headers = context.Request.Headers;
        foreach (var name in s_internal)
        {
            headers.Remove(name);
        }

        headers[ForwardedProto] = isSecured ? "https" : "http";
        if (context.Connection.RemoteIpAddress is { } remote)
        {
            var address = Text(remote);
            headers[ExternalAddress] = address;

            // Lines of a list are one list (RFC 9110, section 5.3), and whoever reads it from the right finds what was proved.
            var before = headers[ForwardedFor];
            headers[ForwardedFor] = before.Count == 0 ? address : $"{before}, {address}";
        }
    }

    private static string Text(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
