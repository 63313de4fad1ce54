using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>The ways to all servers that a bootstrap names. Two entries that say the same are one way, and so one stream (gRFC A47).</summary>
internal sealed class BootstrapServers
{
    public BootstrapServers(XdsBootstrap bootstrap, Func<XdsServerConfig, IAdsTransport> create)
    {
        var ways = new Dictionary<XdsServerConfig, IAdsTransport>();
        Default = [.. bootstrap.Servers.Select(Way)];

        // The last of one name counts, as JSON has it.
        var authorities = new Dictionary<string, IReadOnlyList<IAdsTransport>>(StringComparer.Ordinal);
        foreach (var authority in bootstrap.Authorities)
        {
            authorities[authority.Name] = [.. authority.Servers.Select(Way)];
        }

        Authorities = authorities;

        IAdsTransport Way(XdsServerConfig server)
        {
            if (!ways.TryGetValue(server, out var way))
            {
                way = create(server);
                ways.Add(server, way);
            }

            return way;
        }
    }

    /// <summary>Of plain names, in order of preference.</summary>
    public IReadOnlyList<IAdsTransport> Default { get; }

    /// <summary>Of xdstp names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IAdsTransport>> Authorities { get; }
}
