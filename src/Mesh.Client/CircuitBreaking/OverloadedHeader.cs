namespace ProxylessMesh.Client.CircuitBreaking;

/// <summary>Marks a reply of a circuit breaker: whoever sees it must not retry (Envoy, x-envoy-overloaded).</summary>
internal static class OverloadedHeader
{
    public const string Name = "x-envoy-overloaded";
    public const string Value = "true";

    public static bool IsOn(HttpResponseMessage response) => response.Headers.NonValidated.Contains(Name);
}
