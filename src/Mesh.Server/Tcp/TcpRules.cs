using ProxylessMesh.Server.Authorization;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tcp;

/// <summary>The compiled rules of a chain whose connections carry no requests. Two of equal configuration are equal.</summary>
internal sealed class TcpRules : IEquatable<TcpRules>
{
    private readonly TcpProxyConfig _config;
    private readonly RbacEngine[] _enforced;
    private readonly RbacEngine[] _shadows;

    public TcpRules(TcpProxyConfig config)
    {
        _config = config;
        _enforced = [.. config.Rules.Select(r => r.Rules).OfType<RbacRulesConfig>().Select(rules => new RbacEngine(rules))];
        _shadows = [.. config.Rules.Select(r => r.ShadowRules).OfType<RbacRulesConfig>().Select(rules => new RbacEngine(rules))];
    }

    /// <summary>Of a new connection: says what audits and dry runs have found, and who is refused.</summary>
    public bool Admits(InboundSubject connection, TcpAccessLog log)
    {
        foreach (var shadow in _shadows)
        {
            if (!shadow.Allows(connection, out var policy))
            {
                log.WouldRefuse(connection, policy);
            }
        }

        foreach (var rules in _enforced)
        {
            var isAllowed = rules.Allows(connection, out var policy);
            if (policy is not null && rules.Action == RbacAction.Log)
            {
                log.Audited(connection, policy);
            }

            if (!isAllowed)
            {
                log.Refused(connection, policy);
                return false;
            }
        }

        TcpAccessLog.Admitted(connection);
        return true;
    }

    /// <summary>Of a connection that other rules have admitted.</summary>
    public bool StillAdmits(InboundSubject connection, TcpAccessLog log)
    {
        foreach (var rules in _enforced)
        {
            if (!rules.Allows(connection, out var policy))
            {
                log.Refused(connection, policy);
                return false;
            }
        }

        return true;
    }

    public bool Equals(TcpRules? other) => other is not null && _config == other._config;

    public override bool Equals(object? obj) => Equals(obj as TcpRules);

    public override int GetHashCode() => _config.GetHashCode();
}
