using System.Net;
using ProxylessMesh.Server.Peers;

namespace ProxylessMesh.Server.Filters;

/// <summary>What access rules judge: a request, or a connection that carries none.</summary>
/// <param name="connection">Of it, or itself.</param>
/// <param name="method">Empty for a connection.</param>
/// <param name="path">Empty for a connection.</param>
internal abstract class InboundSubject(InboundConnection connection, string method, string path)
{
    public string Method { get; } = method;

    /// <summary>
    /// The path to decide about, without the query string: the app's own, escaped in one way (RFC 3986, section 2: only what
    /// must be escaped is). It begins with a slash.
    /// </summary>
    public string Path { get; } = path;

    /// <summary>What carries it; the same for all requests of a connection.</summary>
    public InboundConnection Connection { get; } = connection;

    /// <summary>The calling workload, proved by mutual TLS; null on plaintext connections.</summary>
    public MeshPeer? Peer => Connection.Peer;

    /// <summary>Whether the connection is TLS.</summary>
    public bool IsSecured => Connection.IsSecured;

    /// <summary>The name that the TLS client asked for (SNI); empty when it sent none.</summary>
    public abstract string ServerName { get; }

    /// <summary>The other end of the connection; null for a transport without addresses.</summary>
    public abstract IPAddress? SourceAddress { get; }

    public abstract IPAddress? DestinationAddress { get; }

    public abstract int DestinationPort { get; }
}
