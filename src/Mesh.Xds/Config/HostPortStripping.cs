namespace ProxylessMesh.Xds.Config;

/// <summary>When the port of a request's host is taken off.</summary>
internal enum HostPortStripping
{
    Never,

    /// <summary>strip_matching_host_port: when it is the port of the listener.</summary>
    Matching,

    /// <summary>strip_any_host_port.</summary>
    Always,
}
