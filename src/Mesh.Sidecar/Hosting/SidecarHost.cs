using Microsoft.Extensions.Configuration.Memory;
using ProxylessMesh.Client;

namespace ProxylessMesh.Sidecar.Hosting;

/// <summary>A sidecar that is built but does not run yet.</summary>
internal static class SidecarHost
{
    /// <param name="args">Settings, as <c>--Sidecar:Outbound:Listen=127.0.0.1:15001</c>.</param>
    /// <param name="mesh">Changes of the section <c>Mesh</c>.</param>
    /// <param name="sidecar">Changes of the section <c>Sidecar</c>.</param>
    /// <param name="build">Anything else.</param>
    public static WebApplication Create(
        string[] args, Action<MeshOptions>? mesh = null, Action<SidecarOptions>? sidecar = null, Action<WebApplicationBuilder>? build = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);

        // Two lines for each request are too many; settings say otherwise.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:Microsoft.AspNetCore", "Warning")] });
        builder.AddSidecar(mesh, sidecar);
        build?.Invoke(builder);
        return builder.Build().UseSidecar();
    }
}
