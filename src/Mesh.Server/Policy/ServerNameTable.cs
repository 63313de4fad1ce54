using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Policy;

/// <summary>
/// The chains of a port by server name: the whole name, then the longest <c>*.suffix</c>, then the chain of none (Envoy, FilterChainMatch).
/// Two of equal chains are equal.
/// </summary>
internal sealed class ServerNameTable : IEquatable<ServerNameTable>
{
    private readonly EquatableArray<ServerNameChain> _chains;
    private readonly Dictionary<string, ServerNameChain> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly ServerNameChain? _any;

    public ServerNameTable(EquatableArray<ServerNameChain> chains)
    {
        _chains = chains;
        foreach (var chain in chains)
        {
            if (chain.Names.Count == 0)
            {
                _any = chain;
            }

            foreach (var name in chain.Names)
            {
                _byName[name.StartsWith('*') ? name[1..] : name] = chain;
            }
        }
    }

    /// <param name="serverName">As the client wrote it; empty when it asked for none.</param>
    public ServerNameChain? Find(string serverName)
    {
        if (_byName.Count > 0 && serverName.Length > 0)
        {
            var lookup = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
            if (serverName[0] != '.' && lookup.TryGetValue(serverName, out var exact))
            {
                return exact;
            }

            // A suffix is kept with its dot.
            for (var dot = serverName.IndexOf('.', 1); dot >= 0; dot = serverName.IndexOf('.', dot + 1))
            {
                if (lookup.TryGetValue(serverName.AsSpan(dot), out var suffix))
                {
                    return suffix;
                }
            }
        }

        return _any;
    }

    public bool Equals(ServerNameTable? other) => other is not null && _chains.Equals(other._chains);

    public override bool Equals(object? obj) => Equals(obj as ServerNameTable);

    public override int GetHashCode() => _chains.GetHashCode();
}
