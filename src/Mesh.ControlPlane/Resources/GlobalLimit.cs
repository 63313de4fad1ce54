using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>The rate limit service of a RateLimitPolicy, and what it is asked.</summary>
/// <param name="Domain">What the service knows the limits under.</param>
/// <param name="Service">Host; without a dot a Service of the policy's namespace.</param>
/// <param name="Port">Of the service.</param>
/// <param name="Timeout">How long an answer may take.</param>
/// <param name="FailsClosed">Without an answer requests are refused.</param>
/// <param name="Descriptors">Each is a question of its own.</param>
internal sealed record GlobalLimit(
    string Domain, string Service, int Port, TimeSpan Timeout, bool FailsClosed, EquatableArray<GlobalDescriptor> Descriptors);
