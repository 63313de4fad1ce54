using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>servers[].hosts: <c>dnsName</c>, or <c>namespace/dnsName</c> with <c>*</c> for any namespace and <c>.</c> for the Gateway's own.</summary>
internal static class GatewayHosts
{
    public static EquatableArray<GatewayHost> Read(YamlObject server, string ownNamespace)
    {
        var hosts = new List<GatewayHost>();
        var items = server.Items("hosts");
        if (items.Count == 0 && server.Read("hosts") is null or YamlSequence)
        {
            server.Problems.Error(server.PositionOf("hosts"), ProblemCodes.Missing, $"{server.PathOf("hosts")} is missing: at least one host");
        }

        foreach (var (node, path) in items)
        {
            if (server.Problems.AsString(node, path) is { } text && Parse(server.Problems, text, path, node.Position, ownNamespace) is { } host && !hosts.Contains(host))
            {
                hosts.Add(host);
            }
        }

        return hosts.ToEquatableArray();
    }

    private static GatewayHost? Parse(ProblemList problems, string text, string path, SourcePosition at, string ownNamespace)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (ns, name) = slash < 0 ? ("*", text) : (text[..slash], text[(slash + 1)..]);
        var host = name.ToLowerInvariant();
        if ((ns is not ("*" or ".") && !DnsName.IsLabel(ns)) || !DnsName.IsHost(host))
        {
            problems.Error(at, ProblemCodes.InvalidValue, $"{path} {Quoted.Of(text)} is not a host, nor of the form namespace/host", "such as \"shop.example.com\", \"*.example.com\", \"*\" or \"./shop.example.com\"");
            return null;
        }

        // Istio's own rule: outside nobody completes a short name.
        if (host != "*" && !host.Contains('.', StringComparison.Ordinal))
        {
            problems.Error(at, ProblemCodes.InvalidValue, $"{path} {Quoted.Of(text)} is a short name: callers from outside write a whole one", "write the whole name, or \"*\" for every host");
            return null;
        }

        return new GatewayHost(ns switch { "*" => null, "." => ownNamespace, _ => ns }, host);
    }
}
