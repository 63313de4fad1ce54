namespace ProxylessMesh.FunctionalTests.RateLimits;

/// <summary>The configuration of a limit that a service outside the mesh counts.</summary>
internal static class GlobalLimit
{
    public static string Entry(int port) => $$"""
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: limits, namespace: default }
        spec:
          hosts: [ limits.test ]
          resolution: STATIC
          ports: [ { number: 8081, name: grpc, protocol: GRPC, targetPort: {{port}} } ]
          endpoints: [ { address: 127.0.0.1 } ]
        """;

    public static string Policy(string failureMode) => $$"""
        apiVersion: proxylessmesh.io/v1alpha1
        kind: RateLimitPolicy
        metadata: { name: limit, namespace: default }
        spec:
          responseHeaders: true
          global:
            domain: bookinfo
            service: limits.test
            port: 8081
            timeout: 10s
            failureMode: {{failureMode}}
            descriptors:
            - entries: [ { key: user, header: x-user } ]
        """;
}
