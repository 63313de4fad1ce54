using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Client;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds the mesh to a host.</summary>
public static class MeshHostApplicationBuilderExtensions
{
    /// <summary>
    /// Joins the mesh: every client of IHttpClientFactory finds, balances, retries and authenticates its calls by the mesh's
    /// configuration. Outbound only; a web application's <c>AddMesh()</c> of the package Mesh.Server covers its endpoints too.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="configure">Applied after the section <c>Mesh</c> of the configuration.</param>
    public static IHostApplicationBuilder AddMesh(this IHostApplicationBuilder builder, Action<MeshOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddMesh(configure);
        return builder;
    }
}
