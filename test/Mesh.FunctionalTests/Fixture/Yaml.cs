using System.Globalization;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>The configuration documents that most tests begin with.</summary>
internal static class Yaml
{
    public static string Service(string name, string ns = "default") => $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec:
          selector: { app: {{name}} }
          ports: [ { name: http, port: 9080, targetPort: http } ]
        """;

    /// <summary>Subsets v1 and v2 by the label version.</summary>
    /// <param name="host">Name of the service.</param>
    /// <param name="policy">In flow style.</param>
    public static string Subsets(string host, string policy = "{ loadBalancer: { simple: ROUND_ROBIN } }") => $$"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: {{host}}, namespace: default }
        spec:
          host: {{host}}
          trafficPolicy: {{policy}}
          subsets:
          - { name: v1, labels: { version: v1 } }
          - { name: v2, labels: { version: v2 } }
        """;

    /// <param name="host">Name of the service.</param>
    /// <param name="http">The routes, one in flow style per line.</param>
    public static string Routes(string host, params string[] http) => $$"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: {{host}}, namespace: default }
        spec:
          hosts: [ {{host}} ]
          http:
          {{string.Join("\n  ", http.Select(route => $"- {route}"))}}
        """;

    public static string Split(string host, int v1, int v2) => Routes(
        host,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{{ route: [ {{ destination: {{ host: {host}, subset: v1 }}, weight: {v1} }}, {{ destination: {{ host: {host}, subset: v2 }}, weight: {v2} }} ] }}"));

    public static string To(string host, string subset) => $"route: [ {{ destination: {{ host: {host}, subset: {subset} }} }} ]";

    public static string PeerAuthentication(string mode) => $$"""
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: { name: default, namespace: default }
        spec: { mtls: { mode: {{mode}} } }
        """;
}
