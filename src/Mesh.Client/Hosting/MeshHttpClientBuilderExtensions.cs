using ProxylessMesh.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Says of one factory client whether it takes part in the mesh.</summary>
public static class MeshHttpClientBuilderExtensions
{
    /// <summary>
    /// Puts this client into the mesh, whatever <see cref="MeshOptions.AllClients"/> says and whatever its primary handler is,
    /// and fetches the configuration of its base address at start. Works for gRPC clients too: they are IHttpClientBuilders.
    /// </summary>
    public static IHttpClientBuilder AddMesh(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddMesh();
        builder.Services.Configure<MeshOptions>(o => o.ClientsWithMesh.Add(builder.Name));
        return builder;
    }

    /// <summary>Leaves this client out of the mesh.</summary>
    public static IHttpClientBuilder WithoutMesh(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<MeshOptions>(o => o.ExcludedClients.Add(builder.Name));
        return builder;
    }
}
