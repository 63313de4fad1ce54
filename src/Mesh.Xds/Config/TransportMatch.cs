namespace ProxylessMesh.Xds.Config;

/// <summary>FilterChainMatch.transport_protocol.</summary>
internal enum TransportMatch
{
    /// <summary>The chain does not care.</summary>
    Any,

    /// <summary><c>tls</c>: the first bytes are a TLS client hello.</summary>
    Tls,

    /// <summary><c>raw_buffer</c>: anything else.</summary>
    Plaintext,
}
