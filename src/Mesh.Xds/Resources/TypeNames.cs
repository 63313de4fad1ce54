namespace ProxylessMesh.Xds.Resources;

/// <summary>
/// The full names of the messages that stand in an Any. The generated descriptors know them too, but whoever asks one descriptor makes
/// the runtime load every message of its file, and of all files that it imports, with accessors for each field: most of Envoy, and
/// several megabytes of every app.
/// </summary>
internal static class TypeNames
{
    public const string AggregateCluster = "envoy.extensions.clusters.aggregate.v3.ClusterConfig";
    public const string ClientSideWeightedRoundRobin = "envoy.extensions.load_balancing_policies.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin";
    public const string CookieBasedSessionState = "envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState";
    public const string Cors = "envoy.extensions.filters.http.cors.v3.Cors";
    public const string CorsPolicy = "envoy.extensions.filters.http.cors.v3.CorsPolicy";
    public const string DownstreamTlsContext = "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext";
    public const string ExtAuthz = "envoy.extensions.filters.http.ext_authz.v3.ExtAuthz";
    public const string ExtAuthzPerRoute = "envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute";
    public const string FilterConfig = "envoy.config.route.v3.FilterConfig";
    public const string HttpConnectionManager = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    public const string HttpFault = "envoy.extensions.filters.http.fault.v3.HTTPFault";
    public const string HttpProtocolOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    public const string JwtAuthentication = "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication";
    public const string JwtPerRoute = "envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig";
    public const string LeastRequest = "envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest";
    public const string LocalRateLimit = "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";
    public const string Maglev = "envoy.extensions.load_balancing_policies.maglev.v3.Maglev";
    public const string NetworkRbac = "envoy.extensions.filters.network.rbac.v3.RBAC";
    public const string PickFirst = "envoy.extensions.load_balancing_policies.pick_first.v3.PickFirst";
    public const string PreviousHosts = "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate";
    public const string PreviousPriorities = "envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig";
    public const string Random = "envoy.extensions.load_balancing_policies.random.v3.Random";
    public const string RandomSubsetting = "envoy.extensions.load_balancing_policies.random_subsetting.v3.RandomSubsetting";
    public const string RateLimit = "envoy.extensions.filters.http.ratelimit.v3.RateLimit";
    public const string Rbac = "envoy.extensions.filters.http.rbac.v3.RBAC";
    public const string RbacPerRoute = "envoy.extensions.filters.http.rbac.v3.RBACPerRoute";
    public const string RingHash = "envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash";
    public const string RoundRobin = "envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin";
    public const string Router = "envoy.extensions.filters.http.router.v3.Router";
    public const string SpiffeValidator = "envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig";
    public const string StatefulSession = "envoy.extensions.filters.http.stateful_session.v3.StatefulSession";
    public const string StatefulSessionPerRoute = "envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute";
    public const string TcpProxy = "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";
    public const string UpstreamTlsContext = "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext";
    public const string UriTemplateMatch = "envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig";
    public const string WrrLocality = "envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality";
}
