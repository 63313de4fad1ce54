using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>A retry policy (null: no retries), or what of it we cannot do.</summary>
internal readonly record struct RetryDecoding(RetryPolicyConfig? Policy, string? Unsupported);
