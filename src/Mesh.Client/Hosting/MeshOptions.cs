namespace ProxylessMesh.Client;

/// <summary>Settings of the mesh: section <c>Mesh</c> of the configuration, environment <c>Mesh__...</c>, or code. Validated at start.</summary>
public sealed class MeshOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "Mesh";

    /// <summary>Whether the mesh takes part. Default: <see cref="MeshMode.Auto"/>.</summary>
    public MeshMode Mode { get; set; } = MeshMode.Auto;

    /// <summary>
    /// The control plane: <c>https://host:15012</c> (TLS, identity), <c>http://host:15010</c> (plaintext, no identity, for
    /// development) or <c>unix:///path</c>. Default: none, and then GRPC_XDS_BOOTSTRAP or GRPC_XDS_BOOTSTRAP_CONFIG if set.
    /// </summary>
    public Uri? ControlPlane { get; set; }

    /// <summary>
    /// Hosts (<c>reviews.partner.example</c>, <c>*.partner.example</c>) whose configuration comes from one of the <c>authorities</c> of the
    /// gRPC bootstrap file, and that authority's name. Default: none; all hosts are the bootstrap's own.
    /// </summary>
    public IDictionary<string, string> Authorities { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which variant of xDS is spoken with it. Default: <see cref="XdsProtocol.Auto"/>.</summary>
    public XdsProtocol XdsProtocol { get; set; } = XdsProtocol.Auto;

    /// <summary>The admin endpoint of a web app. Default: off.</summary>
    public AdminOptions Admin { get; } = new();

    /// <summary>Who this process is.</summary>
    public WorkloadOptions Workload { get; } = new();

    /// <summary>File with the join token that proves the service account until there is a certificate. Read again whenever it is needed.</summary>
    public string? TokenFile { get; set; }

    /// <summary>PEM file with the mesh's root certificates; what makes the control plane trusted. Required for an https control plane.</summary>
    public string? RootCertificateFile { get; set; }

    /// <summary>
    /// Folder in which somebody else keeps certificate, key and roots fresh, in place of certificates from the control plane:
    /// cert-manager's <c>tls.crt</c>, <c>tls.key</c>, <c>ca.crt</c>, spiffe-helper's <c>svid.pem</c>, <c>svid_key.pem</c>,
    /// <c>svid_bundle.pem</c>, or <c>cert-chain.pem</c>, <c>key.pem</c>, <c>root-cert.pem</c>. Looked at every 10 s. Default: none.
    /// </summary>
    public string? CertificateDirectory { get; set; }

    /// <summary>
    /// Socket of a SPIFFE agent (SPIRE) that gives this process its certificate, in place of the control plane:
    /// <c>unix:///run/spire/sockets/agent.sock</c>. Default: none.
    /// </summary>
    public Uri? SpiffeEndpointSocket { get; set; }

    /// <summary>
    /// Directory for what a restart without control plane needs: last-known-good configuration, key and certificate (mode 0600).
    /// Default: none is kept.
    /// </summary>
    public string? StateDirectory { get; set; }

    /// <summary>
    /// Headers of an inbound request that the requests made while serving it carry on, next to x-request-id and the W3C and B3
    /// trace headers. Default: none.
    /// </summary>
    public IList<string> PropagateHeaders { get; } = [];

    /// <summary>Whether every client of IHttpClientFactory goes through the mesh. When false, only clients with <c>AddMesh()</c> do. Default: true.</summary>
    public bool AllClients { get; set; } = true;

    /// <summary>Names of factory clients that stay out of the mesh. Default: none.</summary>
    public ISet<string> ExcludedClients { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Authorities (<c>reviews:9080</c>) whose configuration is fetched at start rather than by the first call. Default: none.</summary>
    public IList<string> Dependencies { get; } = [];

    /// <summary>How long start-up and a first call wait for configuration, in 100 ms to 5 min. Default: 10 s.</summary>
    public TimeSpan ConfigurationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a web app that stops goes on serving after it has left the mesh, so that every caller has heard of it, in 0 to 5 min.
    /// The host's own <c>ShutdownTimeout</c> (30 s) ends it, too. Default: null, which is 5 s, and 0 in the environment Development.
    /// </summary>
    public TimeSpan? DrainDelay { get; set; }

    /// <summary>
    /// How many requests a web app serves at once, over all its ports, 1 or more; a stream or WebSocket counts until it ends. Beyond
    /// them and <see cref="RequestQueueLimit"/>, requests get 503 with <c>x-envoy-overloaded</c>. Default: null, no limit.
    /// </summary>
    public int? MaxConcurrentRequests { get; set; }

    /// <summary>How many requests over <see cref="MaxConcurrentRequests"/> wait for a place, the oldest first, 0 or more. Default: 0.</summary>
    public int RequestQueueLimit { get; set; }

    /// <summary>What a web app tells its callers of its load. Default: nothing.</summary>
    public LoadReportOptions LoadReports { get; } = new();

    /// <summary>Names of the factory clients on which <c>AddMesh()</c> was called: covered whatever <see cref="AllClients"/> says, and warmed at start.</summary>
    internal ISet<string> ClientsWithMesh { get; } = new HashSet<string>(StringComparer.Ordinal);
}
