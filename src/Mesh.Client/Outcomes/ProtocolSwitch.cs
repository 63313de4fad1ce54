using System.Net;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>
/// A WebSocket or another upgrade (RFC 9110, 7.8), in HTTP/2 an extended CONNECT (RFC 8441). From then on it is a stream both ways
/// without an end that a route could have meant: its timeout bounds the switch, as Envoy's starts only when a request is complete.
/// </summary>
internal static class ProtocolSwitch
{
    public static bool Happened(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.SwitchingProtocols
        || (response.IsSuccessStatusCode && response.RequestMessage?.Method == HttpMethod.Connect);
}
