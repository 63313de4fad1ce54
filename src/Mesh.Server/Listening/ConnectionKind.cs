namespace ProxylessMesh.Server.Listening;

/// <summary>What the first bytes of a connection say it is.</summary>
internal enum ConnectionKind
{
    /// <summary>It ended, or stayed silent for too long, before that could be known.</summary>
    Unknown,

    /// <summary>A TLS handshake record (RFC 8446, section 5.1: content type 22).</summary>
    Tls,

    /// <summary>HTTP/2 with prior knowledge (RFC 9113, section 3.3).</summary>
    Http2,

    /// <summary>Anything else; Kestrel answers what is not HTTP/1 with 400.</summary>
    Http1,

    /// <summary>No TLS, and what else it is concerns the app alone: its port is one of TCP, or the client waits for the server to speak first.</summary>
    Opaque,
}
