namespace ProxylessMesh.Xds.Config;

/// <summary>What of a request is hashed.</summary>
internal enum HashPolicyKind
{
    Header,
    Cookie,

    /// <summary>connection_properties.source_ip.</summary>
    SourceIp,
    QueryParameter,

    /// <summary>filter_state <c>io.grpc.channel_id</c>: all of this process's requests alike (gRFC A42).</summary>
    ChannelId,
}
