using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server;

/// <summary>The workload at the other end of a connection, proved by its certificate in a mutual TLS handshake.</summary>
public sealed class MeshPeer
{
    internal MeshPeer(SpiffeId id)
    {
        Id = id;
        Name = id.ToString();
    }

    /// <summary>Who it is: <c>spiffe://cluster.local/ns/default/sa/bookinfo-productpage</c>.</summary>
    public SpiffeId Id { get; }

    /// <summary>The id's text, made once per connection.</summary>
    internal string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
