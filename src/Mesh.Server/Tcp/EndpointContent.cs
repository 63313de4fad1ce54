namespace ProxylessMesh.Server.Tcp;

/// <summary>What comes out of the connections of an endpoint.</summary>
internal enum EndpointContent
{
    /// <summary>Only what serves it knows.</summary>
    Unknown,

    /// <summary>Requests, which pass filters of their own.</summary>
    Requests,

    /// <summary>Bytes, and nothing that is looked at.</summary>
    Bytes,
}
