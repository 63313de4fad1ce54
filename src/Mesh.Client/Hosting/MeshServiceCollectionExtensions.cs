using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using ProxylessMesh.Client;
using ProxylessMesh.Client.Hosting;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.Xds.Randomness;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the mesh to a service collection.</summary>
public static class MeshServiceCollectionExtensions
{
    /// <summary>As <see cref="MeshHostApplicationBuilderExtensions.AddMesh"/>, for hosts without a builder. Calling it twice adds settings, not a second mesh.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="configure">Applied after the section <c>Mesh</c> of the configuration, if there is a configuration.</param>
    public static IServiceCollection AddMesh(this IServiceCollection services, Action<MeshOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<MeshOptions>();
        if (!services.Any(s => s.ServiceType == typeof(MeshRuntime)))
        {
            options.Configure<IServiceProvider>(static (o, provider) => Bind(o, provider)).ValidateOnStart();
            services.AddSingleton<IValidateOptions<MeshOptions>, MeshOptionsValidator>();
            services.AddHttpClient();
            services.AddLogging();
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<IRandomSource>(SystemRandomSource.Instance);
            services.AddSingleton<ResilienceHandlers>();
            services.AddSingleton<MeshRuntime>();
            services.AddSingleton<IMesh>(static provider => provider.GetRequiredService<MeshRuntime>());
            services.AddSingleton<IHttpMessageHandlerBuilderFilter, MeshHandlerFilter>();
            services.AddHostedService<MeshHostedService>();
        }

        if (configure is not null)
        {
            options.Configure(configure);
        }

        return services;
    }

    private static void Bind(MeshOptions options, IServiceProvider provider)
    {
        provider.GetService<IConfiguration>()?.GetSection(MeshOptions.SectionName).Bind(options);
        options.Workload.Name ??= provider.GetService<IHostEnvironment>()?.ApplicationName;
    }
}
