using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ProxylessMesh.Client;
using ProxylessMesh.Sidecar.Hosting;

namespace ProxylessMesh.Sidecar.Gateway;

/// <summary>A gateway that is built but does not run yet: the mesh of a web app, with routing in the app's place.</summary>
internal static class GatewayHost
{
    /// <summary>Null: the settings name no address, so the process is none.</summary>
    /// <param name="args">Settings, as <c>--Sidecar:Gateway:Listen:0=0.0.0.0:8080</c>.</param>
    /// <param name="mesh">Changes of the section <c>Mesh</c>.</param>
    /// <param name="build">Anything else.</param>
    public static WebApplication? Create(string[] args, Action<MeshOptions>? mesh = null, Action<WebApplicationBuilder>? build = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.QuietByDefault();
        build?.Invoke(builder);
        if (!builder.Configuration.GetSection($"{GatewayOptions.SectionName}:{nameof(GatewayOptions.Listen)}").GetChildren().Any())
        {
            return null;
        }

        builder.AddMesh(options =>
        {
            options.Workload.IsGateway = true;

            // Without the mesh there is nothing that it could do.
            options.Mode = options.Mode == MeshMode.Auto ? MeshMode.Required : options.Mode;
            mesh?.Invoke(options);
        });
        builder.Services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, GatewayEndpoints>();
        builder.Services.AddSingleton<GatewayRouting>();
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<GatewayRouting>().RouteAsync);
        return app;
    }
}
