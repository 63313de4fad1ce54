using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ProxylessMesh.Client;
using ProxylessMesh.Sidecar.Inbound;
using ProxylessMesh.Sidecar.Outbound;
using ProxylessMesh.Sidecar.Tcp;

namespace ProxylessMesh.Sidecar.Hosting;

/// <summary>Puts a sidecar together: the mesh of a web app, with forwarding in the app's place.</summary>
internal static class SidecarBuilderExtensions
{
    public static WebApplicationBuilder AddSidecar(this WebApplicationBuilder builder, Action<MeshOptions>? mesh = null, Action<SidecarOptions>? sidecar = null)
    {
        // Before those of the mesh: nothing is joined, nor listened for, in vain.
        builder.Services.AddHostedService<MeshPresence>();
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
        builder.Services.AddSingleton<OutboundProxy>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<OutboundProxy>());
        if (!HasInbound(builder.Configuration, sidecar))
        {
            builder.Services.AddSingleton<IServer, NoServer>();
        }

        return builder;
    }

    private static bool HasInbound(ConfigurationManager configuration, Action<SidecarOptions>? configure)
    {
        var options = new SidecarOptions();
        configuration.GetSection(SidecarOptions.SectionName).Bind(options);
        configure?.Invoke(options);
        return options.Inbound.Count > 0;
    }

    public static WebApplication UseSidecar(this WebApplication app)
    {
        var inbound = app.Services.GetRequiredService<InboundForwarding>();
        app.Run(inbound.ForwardAsync);
        return app;
    }
}
