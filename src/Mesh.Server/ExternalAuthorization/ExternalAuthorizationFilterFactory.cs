using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.FilterServices;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.ExternalAuthorization;

namespace ProxylessMesh.Server.ExternalAuthorization;

/// <summary>Compiles external authorization.</summary>
internal sealed class ExternalAuthorizationFilterFactory(
    IInboundMesh mesh, ServiceChannels channels, ILogger<ExternalAuthorizationFilterFactory> logger) : IInboundFilterFactory
{
    private readonly LogThrottle _failures = new(mesh.Time, TimeSpan.FromSeconds(10));

    public bool TryCreate(HttpFilterConfig config, InboundFilterScope scope, out IInboundFilter? filter)
    {
        filter = null;
        if (config is not ExternalAuthorizationFilterConfig external)
        {
            return false;
        }

        if (external.Authorizer is { } authorizer)
        {
            filter = new ExternalAuthorizationFilter(authorizer, Authorizer(authorizer), mesh, _failures, logger);
        }

        return true;
    }

    private IAuthorizer Authorizer(ExternalAuthorizationConfig config) =>
        config.Grpc is { } grpc ? new GrpcAuthorizer(channels.Find(grpc), config) : new HttpAuthorizer(channels.Http, config, mesh.Time);
}
