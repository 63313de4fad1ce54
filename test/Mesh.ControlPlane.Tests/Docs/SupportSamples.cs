using System.Text.Json;

namespace ProxylessMesh.ControlPlane.Tests.Docs;

/// <summary>How each row that works is written; of fields that nobody reads, any value will do.</summary>
internal static class SupportSamples
{
    private const string Any = "\"x\"";
    private const string Predicate = """{"exact": "x"}""";
    private const string Labels = """{"app": "reviews"}""";

    private const string Headers =
        """{"request": {"set": {"host": "example.com", "x-a": "100%%"}, "add": {"x-b": "1"}, "remove": ["x-c"]}, "response": {"remove": ["server"]}}""";

    /// <summary>RFC 7517, appendix A.1.</summary>
    private const string KeySet =
        """{"keys": [{"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}""";

    /// <summary>Of rows about what a route does instead of forwarding.</summary>
    private const string WithoutRoute = """{"hosts": ["reviews"], "http": [{}]}""";

    private const string PlaintextServer = """{"servers": [{"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}]}""";

    private const string ServerOfFiles =
        """{"servers": [{"port": {"number": 443, "name": "https", "protocol": "HTTPS"}, "hosts": ["*"], "tls": {"mode": "MUTUAL", "serverCertificate": "/c", "privateKey": "/k", "caCertificates": "/r"}}]}""";

    /// <summary>By kind: the smallest object.</summary>
    private static readonly Dictionary<string, string> Smallest = new()
    {
        ["Service"] = """{"ports": [{"port": 80, "name": "http"}]}""",
        ["VirtualService"] = """{"hosts": ["reviews"], "http": [{"route": [{"destination": {"host": "reviews"}}]}]}""",
        ["DestinationRule"] = """{"host": "reviews"}""",
        ["ServiceEntry"] = """{"hosts": ["api.example.com"], "ports": [{"number": 80, "name": "http"}]}""",
        ["WorkloadEntry"] = """{"address": "192.0.2.1"}""",
        ["PeerAuthentication"] = "{}",
        ["AuthorizationPolicy"] = """{"rules": [{}]}""",
        ["RequestAuthentication"] = """{"jwtRules": [{"issuer": "https://issuer.example.com"}]}""",
        ["MeshConfig"] = "{}",
        ["RateLimitPolicy"] = """{"local": [{"tokens": 1, "per": "1s"}]}""",
        ["ChaosExperiment"] = """{"hosts": ["reviews"], "fault": {"abort": {"httpStatus": 503, "percentage": {"value": 1}}}, "starts": "2030-01-01T00:00:00Z", "expires": "2030-01-01T00:10:00Z"}""",
        ["Gateway"] = """{"servers": [{"port": {"number": 443, "name": "https", "protocol": "HTTPS"}, "hosts": ["*"], "tls": {"mode": "SIMPLE", "credentialName": "shop"}}]}""",
        ["Sidecar"] = """{"outboundTrafficPolicy": {"mode": "ALLOW_ANY"}}""",
    };

    /// <summary>By kind and field: its value.</summary>
    private static readonly Dictionary<string, string> Values = new()
    {
        ["Service selector"] = Labels,
        ["Service ports[].port"] = "80",
        ["Service ports[].targetPort"] = "9080",
        ["VirtualService hosts"] = """["reviews", "*.example.com"]""",
        ["VirtualService gateways"] = """["mesh"]""",
        ["VirtualService exportTo"] = """[".", "prod"]""",
        ["VirtualService http[].match[].uri"] = """{"regex": "/api/v[0-9]+"}""",
        ["VirtualService http[].match[].ignoreUriCase"] = "true",
        ["VirtualService http[].match[].scheme"] = Predicate,
        ["VirtualService http[].match[].method"] = Predicate,
        ["VirtualService http[].match[].authority"] = Predicate,
        ["VirtualService http[].match[].headers{}"] = Predicate,
        ["VirtualService http[].match[].withoutHeaders{}"] = "{}",
        ["VirtualService http[].match[].queryParams{}"] = Predicate,
        ["VirtualService http[].match[].port"] = "9080",
        ["VirtualService http[].match[].sourceLabels"] = Labels,
        ["VirtualService http[].match[].gateways"] = """["mesh"]""",
        ["VirtualService http[].route[].destination.host"] = "\"reviews\"",
        ["VirtualService http[].route[].destination.port.number"] = "9080",
        ["VirtualService http[].route[].weight"] = "10",
        ["VirtualService http[].timeout"] = "\"2s\"",
        ["VirtualService http[].retries.attempts"] = "3",
        ["VirtualService http[].retries.perTryTimeout"] = "\"250ms\"",
        ["VirtualService http[].retries.retryOn"] = "\"connect-failure,503\"",
        ["VirtualService http[].retries.backoff"] = "\"25ms\"",
        ["VirtualService http[].retries.retryRemoteLocalities"] = "true",
        ["VirtualService http[].retries.retryIgnorePreviousHosts"] = "false",
        ["VirtualService http[].redirect"] = """{"prefixRewrite": "/new", "authority": "example.com", "scheme": "https", "derivePort": "FROM_REQUEST_PORT", "redirectCode": 308}""",
        ["VirtualService http[].directResponse"] = """{"status": 200, "body": {"bytes": "aGVsbG8="}}""",
        ["VirtualService http[].delegate"] = """{"name": "users", "namespace": "teams"}""",
        ["VirtualService http[].rewrite"] = """{"authority": "example.com", "uriRegexRewrite": {"match": "^/a/(.*)", "rewrite": "/b/\\\\1"}}""",
        ["VirtualService http[].mirror"] = """{"host": "reviews", "subset": "v2", "port": {"number": 9080}}""",
        ["VirtualService http[].mirrors"] = """[{"destination": {"host": "reviews"}, "percentage": {"value": 0.5}}, {"destination": {"host": "ratings"}}]""",
        ["VirtualService http[].mirrorPercentage"] = """{"value": 12.5}""",
        ["VirtualService http[].mirrorPercent"] = "10",
        ["VirtualService http[].corsPolicy"] = """{"allowOrigins": [{"exact": "https://a.example"}, {"regex": ".*"}], "allowMethods": ["GET"], "allowHeaders": ["x"], "exposeHeaders": ["*"], "maxAge": "24h", "allowCredentials": true, "unmatchedPreflights": "IGNORE"}""",
        ["VirtualService http[].headers"] = Headers,
        ["VirtualService http[].route[].headers"] = Headers,
        ["VirtualService http[].fault"] = """{"delay": {"fixedDelay": "1s", "percentage": {"value": 1}}, "abort": {"grpcStatus": "UNAVAILABLE", "percentage": {"value": 0.1}}}""",
        ["DestinationRule host"] = "\"*.example.com\"",
        ["DestinationRule exportTo"] = """["*"]""",
        ["DestinationRule subsets[].name"] = "\"v1\"",
        ["DestinationRule subsets[].labels"] = """{"version": "v1"}""",
        ["DestinationRule trafficPolicy.portLevelSettings[].port.number"] = "9080",
        ["DestinationRule trafficPolicy.loadBalancer.backendUtilization"] = """{"weightUpdatePeriod": "1s", "metricNamesForComputingUtilization": ["named_metrics.queue"]}""",
        ["DestinationRule trafficPolicy.loadBalancer.consistentHash"] = """{"httpCookie": {"name": "user", "ttl": "1h"}, "maglev": {"tableSize": 251}}""",
        ["DestinationRule trafficPolicy.loadBalancer.localityLbSetting"] = """{"failover": [{"from": "eu", "to": "us"}]}""",
        ["DestinationRule trafficPolicy.loadBalancer.zoneAwareLbSetting.enabled"] = "true",
        ["DestinationRule trafficPolicy.loadBalancer.zoneAwareLbSetting.minClusterSize"] = "3",
        ["DestinationRule trafficPolicy.loadBalancer.warmup"] = """{"duration": "60s", "minimumPercent": 10, "aggression": 1.5}""",
        ["DestinationRule trafficPolicy.loadBalancer.warmupDurationSecs"] = "\"60s\"",
        ["DestinationRule trafficPolicy.connectionPool.tcp.connectTimeout"] = "\"1s\"",
        ["DestinationRule trafficPolicy.connectionPool.tcp.maxConnections"] = "100",
        ["DestinationRule trafficPolicy.connectionPool.tcp.tcpKeepalive.probes"] = "3",
        ["DestinationRule trafficPolicy.connectionPool.tcp.tcpKeepalive.time"] = "\"7200s\"",
        ["DestinationRule trafficPolicy.connectionPool.tcp.tcpKeepalive.interval"] = "\"75s\"",
        ["DestinationRule trafficPolicy.connectionPool.tcp.maxConnectionDuration"] = "\"10m\"",
        ["DestinationRule trafficPolicy.connectionPool.tcp.idleTimeout"] = "\"1h\"",
        ["DestinationRule trafficPolicy.connectionPool.http.http1MaxPendingRequests"] = "1",
        ["DestinationRule trafficPolicy.connectionPool.http.http2MaxRequests"] = "1",
        ["DestinationRule trafficPolicy.connectionPool.http.maxRetries"] = "1",
        ["DestinationRule trafficPolicy.connectionPool.http.maxRequestsPerConnection"] = "10",
        ["DestinationRule trafficPolicy.connectionPool.http.maxConcurrentStreams"] = "100",
        ["DestinationRule trafficPolicy.connectionPool.http.idleTimeout"] = "\"30s\"",
        ["DestinationRule trafficPolicy.connectionPool.http.h2UpgradePolicy"] = "\"UPGRADE\"",
        ["DestinationRule trafficPolicy.connectionPool.http.useClientProtocol"] = "true",
        ["DestinationRule trafficPolicy.connectionPool.http.http2KeepAlive"] = """{"interval": "10s", "timeout": "1s"}""",
        ["DestinationRule trafficPolicy.retryBudget.percent"] = "12.5",
        ["DestinationRule trafficPolicy.retryBudget.minRetryConcurrency"] = "3",
        ["DestinationRule trafficPolicy.outlierDetection.consecutive5xxErrors"] = "3",
        ["DestinationRule trafficPolicy.outlierDetection.minHealthPercent"] = "30",
        ["DestinationRule trafficPolicy.outlierDetection.splitExternalLocalOriginErrors"] = "true",
        ["DestinationRule trafficPolicy.outlierDetection.consecutiveLocalOriginFailures"] = "3",
        ["DestinationRule trafficPolicy.outlierDetection.consecutiveGatewayErrors"] = "3",
        ["DestinationRule trafficPolicy.outlierDetection.outlierDetectionHttpErrorCodes"] = "[429]",
        ["DestinationRule trafficPolicy.outlierDetection.interval"] = "\"5s\"",
        ["DestinationRule trafficPolicy.outlierDetection.baseEjectionTime"] = "\"15s\"",
        ["DestinationRule trafficPolicy.outlierDetection.maxEjectionPercent"] = "50",
        ["DestinationRule trafficPolicy.tls"] = """{"mode": "MUTUAL", "clientCertificate": "/c", "privateKey": "/k", "caCertificates": "/r", "sni": "a", "subjectAltNames": ["a"]}""",
        ["ServiceEntry hosts"] = """["*.example.com"]""",
        ["ServiceEntry ports[].number"] = "443",
        ["ServiceEntry ports[].name"] = "\"web\"",
        ["ServiceEntry ports[].protocol"] = "\"HTTP\"",
        ["ServiceEntry ports[].targetPort"] = "8443",
        ["ServiceEntry endpoints[].address"] = "\"192.0.2.1\"",
        ["ServiceEntry endpoints[].ports{}"] = "8080",
        ["ServiceEntry endpoints[].labels"] = Labels,
        ["ServiceEntry endpoints[].weight"] = "2",
        ["ServiceEntry endpoints[].locality"] = "\"eu/eu-1/a\"",
        ["ServiceEntry workloadSelector.labels"] = Labels,
        ["ServiceEntry subjectAltNames"] = """["spiffe://cluster.local/ns/legacy/sa/api"]""",
        ["ServiceEntry exportTo"] = """["."]""",
        ["WorkloadEntry address"] = "\"db.example.com\"",
        ["WorkloadEntry ports{}"] = "8080",
        ["WorkloadEntry labels"] = Labels,
        ["WorkloadEntry weight"] = "2",
        ["WorkloadEntry locality"] = "\"eu/eu-1/a\"",
        ["Gateway selector"] = """{"istio": "ingressgateway"}""",
        ["Gateway servers[].tls.httpsRedirect"] = "true",
        ["Gateway servers[].name"] = "\"edge\"",
        ["Gateway servers[].hosts"] = """["./shop.example.com", "*.example.com"]""",
        ["Gateway servers[].port.number"] = "8443",
        ["Gateway servers[].port.name"] = "\"web\"",
        ["Gateway servers[].tls.serverCertificate"] = "\"/c\"",
        ["Gateway servers[].tls.privateKey"] = "\"/k\"",
        ["Gateway servers[].tls.caCertificates"] = "\"/r\"",
        ["Gateway servers[].tls.credentialName"] = "\"shop\"",
        ["Gateway servers[].tls.caCertCredentialName"] = "\"clients\"",
        ["Gateway servers[].tls.subjectAltNames"] = """["client.example.com"]""",
        ["Gateway servers[].tls.minProtocolVersion"] = "\"TLSV1_3\"",
        ["Gateway servers[].tls.maxProtocolVersion"] = "\"TLSV1_3\"",
        ["Gateway servers[].tls.cipherSuites"] = """["ECDHE-RSA-AES256-GCM-SHA384"]""",
        ["Sidecar workloadSelector.labels"] = Labels,
        ["Sidecar egress[].hosts"] = """["./*"]""",
        ["Sidecar outboundTrafficPolicy.mode"] = "\"REGISTRY_ONLY\"",
        ["AuthorizationPolicy selector.matchLabels"] = Labels,
        ["AuthorizationPolicy rules[].from[].source.principals"] = """["cluster.local/ns/default/sa/a"]""",
        ["AuthorizationPolicy rules[].from[].source.notPrincipals"] = """["x*"]""",
        ["AuthorizationPolicy rules[].from[].source.namespaces"] = """["a"]""",
        ["AuthorizationPolicy rules[].from[].source.notNamespaces"] = """["a"]""",
        ["AuthorizationPolicy rules[].from[].source.serviceAccounts"] = """["a/b"]""",
        ["AuthorizationPolicy rules[].from[].source.notServiceAccounts"] = """["b"]""",
        ["AuthorizationPolicy rules[].from[].source.trustDomains"] = """["*"]""",
        ["AuthorizationPolicy rules[].from[].source.notTrustDomains"] = """["a"]""",
        ["AuthorizationPolicy rules[].from[].source.requestPrincipals"] = """["*"]""",
        ["AuthorizationPolicy rules[].from[].source.notRequestPrincipals"] = """["i/s"]""",
        ["AuthorizationPolicy rules[].from[].source.ipBlocks"] = """["10.0.0.0/8"]""",
        ["AuthorizationPolicy rules[].from[].source.notIpBlocks"] = """["10.0.0.1"]""",
        ["AuthorizationPolicy rules[].from[].source.remoteIpBlocks"] = """["2001:db8::/32"]""",
        ["AuthorizationPolicy rules[].from[].source.notRemoteIpBlocks"] = """["::1"]""",
        ["AuthorizationPolicy rules[].to[].operation.hosts"] = """["example.com"]""",
        ["AuthorizationPolicy rules[].to[].operation.notHosts"] = """["example.com"]""",
        ["AuthorizationPolicy rules[].to[].operation.ports"] = """["80"]""",
        ["AuthorizationPolicy rules[].to[].operation.notPorts"] = """["80"]""",
        ["AuthorizationPolicy rules[].to[].operation.methods"] = """["GET"]""",
        ["AuthorizationPolicy rules[].to[].operation.notMethods"] = """["GET"]""",
        ["AuthorizationPolicy rules[].to[].operation.paths"] = """["/a/{*}/b"]""",
        ["AuthorizationPolicy rules[].to[].operation.notPaths"] = """["/a/{*}/b"]""",
        ["AuthorizationPolicy rules[].when[].key"] = "\"request.headers[x-token]\"",
        ["AuthorizationPolicy rules[].when[].values"] = """["x"]""",
        ["AuthorizationPolicy rules[].when[].notValues"] = """["x"]""",
        ["MeshConfig pathNormalization.normalization"] = "\"BASE\"",
        ["MeshConfig meshMTLS.minProtocolVersion"] = "\"TLSV1_3\"",
        ["MeshConfig meshMTLS.cipherSuites"] = """["ECDHE-RSA-AES256-GCM-SHA384"]""",
        ["MeshConfig tlsDefaults.minProtocolVersion"] = "\"TLSV1_3\"",
        ["MeshConfig tlsDefaults.cipherSuites"] = """["ECDHE-RSA-AES256-GCM-SHA384"]""",
        ["MeshConfig protocolDetectionTimeout"] = "\"100ms\"",
        ["MeshConfig outboundTrafficPolicy.mode"] = "\"REGISTRY_ONLY\"",
        ["MeshConfig extensionProviders[].envoyExtAuthzGrpc"] = """{"service": "authz.example.com", "port": 9000, "timeout": "1s", "failOpen": true, "statusOnError": "503"}""",
        ["MeshConfig extensionProviders[].envoyExtAuthzHttp"] = """{"service": "authz.example.com", "port": 8000, "pathPrefix": "/check"}""",
        ["RateLimitPolicy selector.matchLabels"] = Labels,
        ["RateLimitPolicy local[].match"] = """{"path": {"prefix": "/api"}, "methods": ["GET"], "headers": {"x": {"exact": "y"}}}""",
        ["RateLimitPolicy local[].tokens"] = "10",
        ["RateLimitPolicy local[].per"] = "\"1m\"",
        ["RateLimitPolicy local[].burst"] = "20",
        ["RateLimitPolicy local[].by"] = """[{"source": "identity"}, {"source": "address"}, {"header": "x-user"}]""",
        ["RateLimitPolicy global"] = """{"domain": "d", "service": "limits", "port": 8081, "timeout": "1s", "failureMode": "Closed", "descriptors": [{"entries": [{"key": "user", "header": "x"}]}]}""",
        ["RateLimitPolicy responseHeaders"] = "true",
        ["RateLimitPolicy dryRun"] = "true",
        ["ChaosExperiment hosts"] = """["reviews", "ratings.default.svc.cluster.local"]""",
        ["ChaosExperiment fault"] = """{"delay": {"fixedDelay": "1s", "percentage": {"value": 1}}}""",
        ["ChaosExperiment starts"] = "\"2029-12-31T12:00:00Z\"",
        ["ChaosExperiment expires"] = "\"2030-01-01T12:00:00Z\"",
        ["PeerAuthentication selector.matchLabels"] = Labels,
        ["RequestAuthentication selector.matchLabels"] = Labels,
        ["RequestAuthentication jwtRules[].issuer"] = "\"https://login.example.com/\"",
        ["RequestAuthentication jwtRules[].audiences"] = """["bookinfo"]""",
        ["RequestAuthentication jwtRules[].jwksUri"] = "\"https://login.example.com/keys\"",
        ["RequestAuthentication jwtRules[].jwks"] = JsonSerializer.Serialize(KeySet),
        ["RequestAuthentication jwtRules[].fromHeaders[].prefix"] = "\"Token \"",
        ["RequestAuthentication jwtRules[].fromParams"] = """["token"]""",
        ["RequestAuthentication jwtRules[].fromCookies"] = """["session"]""",
        ["RequestAuthentication jwtRules[].forwardOriginalToken"] = "true",
        ["RequestAuthentication jwtRules[].outputClaimToHeaders"] = """[{"header": "x-user", "claim": "sub"}]""",
        ["RequestAuthentication jwtRules[].timeout"] = "\"2s\"",
        ["RequestAuthentication jwtRules[].spaceDelimitedClaims"] = """["roles"]""",
        ["PeerAuthentication portLevelMtls{}.mode"] = "\"STRICT\"",
    };

    /// <summary>The Gateway API has a kind of the same name as Istio's.</summary>
    public static bool Knows(SupportRow row) => Smallest.ContainsKey(row.Kind) && !row.ApiVersion.StartsWith("gateway.networking.k8s.io", StringComparison.Ordinal);

    /// <param name="row">The row.</param>
    /// <param name="path">The row's field, or the same one at another level.</param>
    public static SampleObject For(SupportRow row, string path)
    {
        var sample = new SampleObject(row.ApiVersion, row.Kind, SmallestFor(row));
        foreach (var (companion, value) in Companions(row, path))
        {
            sample.With(companion, value);
        }

        return sample.With(path, row.Value is { } named ? JsonSerializer.Serialize(named) : Values.GetValueOrDefault($"{row.Kind} {row.Field}", Any));
    }

    private static string SmallestFor(SupportRow row) => row switch
    {
        { Field: "http[].redirect" or "http[].directResponse" or "http[].delegate" } => WithoutRoute,
        { Field: "servers[].tls.httpsRedirect" } or { Field: "servers[].port.protocol", Value: "HTTP" or "HTTP2" or "GRPC" } => PlaintextServer,
        { Field: "servers[].tls.serverCertificate" or "servers[].tls.privateKey" or "servers[].tls.caCertificates" } => ServerOfFiles,
        _ => Smallest[row.Kind],
    };

    /// <summary>What the field cannot be without.</summary>
    private static IEnumerable<(string Path, string Value)> Companions(SupportRow row, string path)
    {
        switch (row.Kind)
        {
            case "VirtualService" when path.StartsWith("http[].retries.", StringComparison.Ordinal):
                yield return ("http[].retries.attempts", "2");
                break;
            case "VirtualService" when path.StartsWith("http[].mirrorPercent", StringComparison.Ordinal):
                yield return ("http[].mirror.host", "\"reviews\"");
                break;
            case "DestinationRule":
                foreach (var (list, field, value) in new[] { ("subsets[].", "name", "\"v1\""), ("portLevelSettings[].", "port.number", "80") })
                {
                    if (path.IndexOf(list, StringComparison.Ordinal) is >= 0 and var at)
                    {
                        yield return (path[..(at + list.Length)] + field, value);
                    }
                }

                break;
            case "ServiceEntry" when path.StartsWith("endpoints", StringComparison.Ordinal) || row.Value == "STATIC":
                yield return ("resolution", "\"STATIC\"");
                yield return ("endpoints[].address", "\"192.0.2.1\"");
                break;
            case "AuthorizationPolicy" when path.StartsWith("rules[].when[].", StringComparison.Ordinal):
                yield return ("rules[].when[].key", "\"request.headers[x-token]\"");
                yield return ("rules[].when[].values", """["x"]""");
                break;
            case "RequestAuthentication" when path.StartsWith("jwtRules[].fromHeaders", StringComparison.Ordinal):
                yield return ("jwtRules[].fromHeaders[].name", "\"x-token\"");
                break;
            case "MeshConfig" when path.StartsWith("extensionProviders", StringComparison.Ordinal):
                yield return ("extensionProviders[].name", "\"a\"");
                if (path != "extensionProviders[].envoyExtAuthzHttp")
                {
                    yield return ("extensionProviders[].envoyExtAuthzGrpc", """{"service": "authz.example.com", "port": 9000}""");
                }

                break;
            case "Gateway" when path is "servers[].tls.subjectAltNames" or "servers[].tls.caCertCredentialName":
                yield return ("servers[].tls.mode", "\"MUTUAL\"");
                break;
            case "AuthorizationPolicy" when path == "provider.name":
                yield return ("action", "\"CUSTOM\"");
                break;
            case "AuthorizationPolicy" when row.Value == "CUSTOM":
                yield return ("provider.name", "\"authz\"");
                break;
            case "PeerAuthentication" when path.StartsWith("portLevelMtls", StringComparison.Ordinal):
                yield return ("selector.matchLabels", Labels);
                break;
        }
    }
}
