using Microsoft.Extensions.Hosting;
using ProxylessMesh.Client;

namespace ProxylessMesh.Server.Draining;

/// <summary>How long an app that is leaving still accepts.</summary>
internal static class DrainDelay
{
    /// <summary>Istio's terminationDrainDuration (ProxyConfig).</summary>
    private static readonly TimeSpan s_usual = TimeSpan.FromSeconds(5);

    /// <summary>Nobody who develops wants to wait for it: there each Ctrl+C would take five seconds, and no call is lost that matters.</summary>
    public static TimeSpan Of(MeshOptions options, IHostEnvironment environment) =>
        options.DrainDelay ?? (environment.IsDevelopment() ? TimeSpan.Zero : s_usual);
}
