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
        builder.QuietByDefault();
        builder.AddSidecar(mesh, sidecar);
        build?.Invoke(builder);
        return builder.Build().UseSidecar();
    }
}
