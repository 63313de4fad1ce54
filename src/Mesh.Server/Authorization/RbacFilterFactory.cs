using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization;

/// <summary>Compiles RBAC filters.</summary>
internal sealed class RbacFilterFactory : IInboundFilterFactory
{
    public bool TryCreate(HttpFilterConfig config, InboundFilterScope scope, out IInboundFilter? filter)
    {
        filter = null;
        if (config is not RbacFilterConfig rbac)
        {
            return false;
        }

        if (rbac.Rules is not null || rbac.ShadowRules is not null)
        {
            filter = new RbacFilter(rbac);
        }

        return true;
    }
}
