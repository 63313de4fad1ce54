namespace ProxylessMesh.Xds.Config;

/// <summary>A service that decides about requests (Envoy's ext_authz). Exactly one of <see cref="Grpc"/> and <see cref="Http"/> is set.</summary>
internal sealed record ExternalAuthorizationConfig
{
    public GrpcServiceConfig? Grpc { get; init; }

    public HttpAuthorizerConfig? Http { get; init; }

    /// <summary>How long the service may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Which requests are put to it; null: all.</summary>
    public RbacMetadataConfig? When { get; init; }

    /// <summary>Without an answer requests pass.</summary>
    public bool FailsOpen { get; init; }

    /// <summary>Such requests carry x-envoy-auth-failure-mode-allowed.</summary>
    public bool MarksFailOpen { get; init; }

    /// <summary>Of requests that are refused for want of an answer.</summary>
    public int StatusOnError { get; init; } = 403;

    /// <summary>Null: the service does not see bodies.</summary>
    public CheckedBodyConfig? Body { get; init; }

    /// <summary>Headers that the service sees. None: of gRPC services all, of HTTP services only authorization.</summary>
    public EquatableArray<StringMatchConfig> AllowedHeaders { get; init; } = [];

    /// <summary>Headers that it does not see all the same.</summary>
    public EquatableArray<StringMatchConfig> DisallowedHeaders { get; init; } = [];

    /// <summary>Told to gRPC services with each request (context_extensions).</summary>
    public EquatableMap ContextExtensions { get; init; } = EquatableMap.Empty;

    /// <summary>Whether it sees the server name of the TLS handshake.</summary>
    public bool TellsServerName { get; init; }
}
