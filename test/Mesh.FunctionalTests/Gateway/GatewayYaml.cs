using System.Globalization;

namespace ProxylessMesh.FunctionalTests.Gateway;

/// <summary>The documents that most tests begin with. Without a Service of its own, a gateway listens where its servers' ports are.</summary>
internal static class GatewayYaml
{
    /// <param name="port">Of the only server.</param>
    /// <param name="hosts">In flow style.</param>
    /// <param name="rest">More fields of the server.</param>
    public static string Http(int port, string hosts, string rest = "") =>
        Of("edge", string.Create(CultureInfo.InvariantCulture, $"{{ port: {{ number: {port}, name: http, protocol: HTTP }}, hosts: [ {hosts} ]{rest} }}"));

    /// <param name="name">Of the server's port.</param>
    /// <param name="port">Its number.</param>
    /// <param name="hosts">In flow style.</param>
    /// <param name="tls">In flow style.</param>
    public static string Https(string name, int port, string hosts, string tls) =>
        string.Create(CultureInfo.InvariantCulture, $"{{ port: {{ number: {port}, name: {name}, protocol: HTTPS }}, hosts: [ {hosts} ], tls: {{ {tls} }} }}");

    /// <param name="name">Of the Gateway.</param>
    /// <param name="servers">In flow style, one a line.</param>
    public static string Of(string name, params string[] servers) => $$"""
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: {{name}} }
        spec:
          selector: { istio: ingressgateway }
          servers:
          {{string.Join("\n  ", servers.Select(s => $"- {s}"))}}
        """;

    /// <param name="host">Of the VirtualService; its name, too.</param>
    /// <param name="http">The routes, one in flow style per line.</param>
    public static string Routes(string host, params string[] http) => $$"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: {{host}} }
        spec:
          hosts: [ {{host}} ]
          gateways: [ edge ]
          http:
          {{string.Join("\n  ", http.Select(route => $"- {route}"))}}
        """;
}
