namespace ProxylessMesh.Client.Retries;

/// <summary>How one attempt ended, before anybody decides what to do about it.</summary>
internal enum AttemptOutcome
{
    /// <summary>Response headers came.</summary>
    Response,

    /// <summary>No connection, hence no byte of the request left.</summary>
    ConnectFailure,

    /// <summary>HTTP/2 REFUSED_STREAM or GOAWAY: the server says that it did not process the request (RFC 9113, 8.7).</summary>
    RefusedStream,

    /// <summary>The connection ended after the request was sent and before response headers.</summary>
    Reset,

    /// <summary>HTTP/2 RST_STREAM before response headers, with another code.</summary>
    RemoteReset,

    /// <summary>What came is not the protocol that was spoken, or more of it than we take.</summary>
    ProtocolError,

    /// <summary>The per-try timeout ran out.</summary>
    PerTryTimeout,
}
