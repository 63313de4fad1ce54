using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Client;
using ProxylessMesh.Server.Admin;
using ProxylessMesh.Server.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the mesh to a web application.</summary>
public static class MeshWebApplicationBuilderExtensions
{
    /// <summary>
    /// Joins the mesh with both directions: the clients of IHttpClientFactory, and every http endpoint of the app, which from
    /// then on accepts what the mesh's policy says (mutual TLS, plaintext, or both on one port). Endpoints with https of their
    /// own stay as they are. The app needs no other line; without a control plane it runs as if this one were not there.
    /// </summary>
    /// <param name="builder">The web application.</param>
    /// <param name="configure">Applied after the section <c>Mesh</c> of the configuration.</param>
    public static WebApplicationBuilder AddMesh(this WebApplicationBuilder builder, Action<MeshOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddMesh(configure);
        builder.Services.AddInbound();
        builder.Services.AddHostedService<AdminEndpoint>();
        return builder;
    }
}
