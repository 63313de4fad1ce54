namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>What the scripted service has beyond two routes, least request, a retry policy and outlier detection.</summary>
[Flags]
internal enum ScriptedPolicies
{
    None = 0,

    /// <summary>A route timeout, and circuit breakers with limits.</summary>
    Limits = 1,

    /// <summary>Endpoints that want the mesh's TLS.</summary>
    MutualTls = 2,

    /// <summary>Calls in HTTP/1.1 travel in HTTP/2 (h2UpgradePolicy: UPGRADE).</summary>
    UpgradeToHttp2 = 4,
}
