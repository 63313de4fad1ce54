using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.Authorization;

/// <summary>Enforces one set of access rules, and notes what another one would do (Envoy, "Role Based Access Control (RBAC) Filter").</summary>
internal sealed class RbacFilter : IInboundFilter, IStandingFilter
{
    private readonly AccessLog _log;
    private readonly RbacEngine? _rules;
    private readonly RbacEngine? _shadow;
    private readonly string _shadowPolicyKey;
    private readonly string _shadowResultKey;

    public RbacFilter(RbacFilterConfig config, AccessLog log)
    {
        _log = log;
        _rules = config.Rules is null ? null : new RbacEngine(config.Rules);
        _shadow = config.ShadowRules is null ? null : new RbacEngine(config.ShadowRules);

        // Envoy's keys: filters behind this one, ext_authz above all, may ask for them.
        _shadowPolicyKey = config.ShadowPrefix + "shadow_effective_policy_id";
        _shadowResultKey = config.ShadowPrefix + "shadow_engine_result";
    }

    public ValueTask<InboundReply?> ApplyAsync(InboundRequest request)
    {
        if (_shadow is not null)
        {
            NoteShadow(request, _shadow);
        }

        if (_rules is null)
        {
            return default;
        }

        var allowed = _rules.Allows(request, out var policy);
        if (policy is not null && _rules.Action == RbacAction.Log)
        {
            _log.Audited(request, policy);
        }

        return allowed ? default : new ValueTask<InboundReply?>(Refuse(request, policy));
    }

    public bool StillAllows(InboundRequest request)
    {
        if (_rules is null || _rules.Allows(request, out var policy))
        {
            return true;
        }

        _log.Refused(request, policy);
        return false;
    }

    private InboundReply Refuse(InboundRequest request, string? policy)
    {
        _log.Refused(request, policy);

        // Envoy's words, which say nothing of policies; the details are for the server's own logs.
        return new InboundReply(403, GrpcStatusCode.PermissionDenied, "RBAC: access denied") { Details = $"rbac_access_denied_matched_policy[{policy ?? "none"}]" };
    }

    private void NoteShadow(InboundRequest request, RbacEngine shadow)
    {
        var allowed = shadow.Allows(request, out var policy);
        request.SetMetadata(_shadowResultKey, allowed ? "allowed" : "denied");
        if (policy is not null)
        {
            request.SetMetadata(_shadowPolicyKey, policy);
        }

        if (!allowed)
        {
            _log.WouldRefuse(request, policy);
        }
    }
}
