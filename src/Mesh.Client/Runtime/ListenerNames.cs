using System.Collections.Frozen;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Client.Runtime;

/// <summary>Names of LDS resources; <c>%s</c> stands for <c>host:port</c> or <c>ip:port</c> (gRFC A27, A36, A47).</summary>
internal sealed record ListenerNames(string Outbound, string Inbound)
{
    private const string Placeholder = "%s";
    private const string Wildcard = "*.";

    /// <summary>Istio's.</summary>
    public static ListenerNames Default { get; } = new(Placeholder, "xds.istio.io/grpc/lds/inbound/%s");

    /// <summary>Other templates for calls, by host or <c>*.suffix</c>.</summary>
    public FrozenDictionary<string, string> ByHost { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <param name="authority"><c>host:port</c> as it is called.</param>
    public string ForAuthority(string authority) => Fill(ByHost.Count == 0 ? Outbound : FindTemplate(authority), authority);

    public string ForAddress(string address) => Fill(Inbound, address);

    // gRFC A47: what is put into a name with authority must not change its structure.
    private static string Fill(string template, string value) =>
        template.Replace(Placeholder, XdsName.HasAuthority(template) ? XdsNameEncoding.EncodePath(value) : value, StringComparison.Ordinal);

    // The longest name wins, as among virtual hosts.
    private string FindTemplate(string authority)
    {
        var host = authority[..authority.LastIndexOf(':')];
        if (ByHost.TryGetValue(host, out var template))
        {
            return template;
        }

        for (var dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1))
        {
            if (ByHost.TryGetValue(string.Concat(Wildcard, host.AsSpan(dot + 1)), out template))
            {
                return template;
            }
        }

        return Outbound;
    }
}
