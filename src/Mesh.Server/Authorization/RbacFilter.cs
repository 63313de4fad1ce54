using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.Authorization;

/// <summary>Enforces one set of access rules.</summary>
internal sealed class RbacFilter(RbacFilterConfig config) : IInboundFilter
{
    // Envoy's words; which policy it was is for the server's log.
    private static readonly InboundReply Denied = new(403, GrpcStatusCode.PermissionDenied, "RBAC: access denied");

    private readonly RbacEngine? _rules = config.Rules is null ? null : new RbacEngine(config.Rules);

    public ValueTask<InboundReply?> ApplyAsync(InboundRequest request) =>
        _rules?.Allows(request) == false ? new ValueTask<InboundReply?>(Denied) : default;
}
