using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization;

/// <summary>Compiles RBAC filters.</summary>
internal sealed class RbacFilterFactory(IInboundMesh mesh, ILogger<RbacFilter> logger) : IInboundFilterFactory
{
    private readonly AccessLog _log = new(logger, mesh.Time);

    public bool TryCreate(HttpFilterConfig config, InboundFilterScope scope, out IInboundFilter? filter)
    {
        filter = null;
        if (config is not RbacFilterConfig rbac)
        {
            return false;
        }

        if (rbac.Rules is not null || rbac.ShadowRules is not null)
        {
            filter = new RbacFilter(rbac, _log);
        }

        return true;
    }
}
