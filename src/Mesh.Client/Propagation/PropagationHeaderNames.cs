namespace ProxylessMesh.Client.Propagation;

/// <summary>What is carried on without being asked (Istio, "Trace context propagation").</summary>
internal static class PropagationHeaderNames
{
    /// <summary>The id that ties one user's request together across services.</summary>
    public const string RequestId = "x-request-id";

    /// <summary>W3C Trace Context. Written from <see cref="System.Diagnostics.Activity.Current"/> where there is one, else carried on as it came.</summary>
    public static IReadOnlyList<string> W3C { get; } = ["traceparent", "tracestate", "baggage"];

    /// <summary>B3, multiple and single header.</summary>
    public static IReadOnlyList<string> B3 { get; } =
        ["x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags", "b3"];

    /// <summary>All of them and the configured ones, in lower case, without duplicates.</summary>
    public static string[] With(IEnumerable<string> configured) =>
        [.. new[] { RequestId }.Concat(W3C).Concat(B3).Concat(configured.Select(n => n.ToLowerInvariant())).Distinct(StringComparer.Ordinal)];
}
