using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ProxylessMesh.Server.Authorization;
using ProxylessMesh.Server.Draining;
using ProxylessMesh.Server.ExternalAuthorization;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.FilterServices;
using ProxylessMesh.Server.Jwt;
using ProxylessMesh.Server.Jwt.Remote;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.LoadReports;
using ProxylessMesh.Server.LoadShedding;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.RateLimits;
using ProxylessMesh.Server.ServedTls;
using ProxylessMesh.Server.Tcp;

namespace ProxylessMesh.Server.Hosting;

/// <summary>The inbound side's services.</summary>
internal static class InboundServices
{
    /// <summary>Adds them, once; the mesh itself is whatever <see cref="IInboundMesh"/> is registered, or the client's runtime.</summary>
    public static void AddInbound(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(InboundPorts)))
        {
            return;
        }

        services.TryAddSingleton<IInboundMesh, RuntimeInboundMesh>();
        services.AddSingleton<InboundPorts>();
        services.AddSingleton<ServedCertificates>();
        services.AddSingleton<TcpAccessLog>();
        services.AddSingleton<InboundFilterCompiler>();
        services.AddSingleton<AppAuthentication>();
        services.AddSingleton<RemoteKeySets>();
        services.AddSingleton<IInboundFilterFactory, JwtFilterFactory>();
        services.AddSingleton<IInboundFilterFactory, RbacFilterFactory>();
        services.AddSingleton<ServiceChannels>();
        services.AddSingleton<IInboundFilterFactory, ExternalAuthorizationFilterFactory>();
        services.AddRateLimits();
        services.AddHttpContextAccessor();
        services.AddSingleton<IAuthorizationHandler, MeshIdentityHandler>();
        services.AddRefusedCallers();
        services.AddSingleton<MiddlewarePlacement>();
        services.AddSingleton<ConnectionDrain>();
        services.AddSingleton<LoadShedder>();
        services.AddLoadReports();
        services.AddHostedService<PortRegistration>();

        // ASP.NET runs one transformation: that of the app goes before ours, ours before the one that does nothing.
        if (services.LastOrDefault(s => s.ServiceType == typeof(IClaimsTransformation)) is not { } known
            || known.ImplementationType == typeof(NoopClaimsTransformation))
        {
            services.AddSingleton<IClaimsTransformation, MeshClaimsTransformation>();
        }

        // At the front: the first startup filter is the outermost, and endpoints that the app's own code adds to Kestrel get the
        // defaults of that moment.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, MeshStartupFilter>());
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>());
    }

    // ASP.NET's own is added with TryAdd, before or after this; one of the app stays.
    private static void AddRefusedCallers(this IServiceCollection services)
    {
        if (services.LastOrDefault(s => s.ServiceType == typeof(IAuthorizationMiddlewareResultHandler)) is not { } known
            || known.ImplementationType == typeof(AuthorizationMiddlewareResultHandler))
        {
            services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusedCallerHandler>();
        }
    }
}
