namespace ProxylessMesh.Server;

/// <summary>Feature of connections and requests on mesh ports.</summary>
public interface IMeshPeerFeature
{
    /// <summary>The caller; null when the connection is plaintext or its TLS client showed no certificate.</summary>
    MeshPeer? Peer { get; }
}
