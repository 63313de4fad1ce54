namespace ProxylessMesh.Client.Runtime;

/// <summary>Names of LDS resources; <c>%s</c> stands for <c>host:port</c> or <c>ip:port</c> (gRFC A27, A36).</summary>
internal sealed record ListenerNames(string Outbound, string Inbound)
{
    private const string Placeholder = "%s";

    /// <summary>Istio's.</summary>
    public static ListenerNames Default { get; } = new(Placeholder, "xds.istio.io/grpc/lds/inbound/%s");

    public string ForAuthority(string authority) => Outbound.Replace(Placeholder, authority, StringComparison.Ordinal);

    public string ForAddress(string address) => Inbound.Replace(Placeholder, address, StringComparison.Ordinal);
}
