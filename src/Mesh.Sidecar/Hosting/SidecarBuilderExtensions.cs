using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ProxylessMesh.Client;
using ProxylessMesh.Sidecar.Inbound;
using ProxylessMesh.Sidecar.Tcp;

namespace ProxylessMesh.Sidecar.Hosting;

/// <summary>Puts a sidecar together: the mesh of a web app, with forwarding in the app's place.</summary>
internal static class SidecarBuilderExtensions
{
    public static WebApplicationBuilder AddSidecar(this WebApplicationBuilder builder, Action<MeshOptions>? mesh = null, Action<SidecarOptions>? sidecar = null)
    {
        builder.AddMesh(mesh);
        var options = builder.Services.AddOptions<SidecarOptions>().BindConfiguration(SidecarOptions.SectionName).ValidateOnStart();
        if (sidecar is not null)
        {
            options.Configure(sidecar);
        }

        builder.Services.AddSingleton<IValidateOptions<SidecarOptions>, SidecarOptionsValidator>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, InboundEndpoints>();
        builder.Services.AddSingleton<InboundForwarding>();
        builder.Services.AddSingleton<TcpForwarder>();
        return builder;
    }

    public static WebApplication UseSidecar(this WebApplication app)
    {
        var inbound = app.Services.GetRequiredService<InboundForwarding>();
        app.Run(inbound.ForwardAsync);
        return app;
    }
}
