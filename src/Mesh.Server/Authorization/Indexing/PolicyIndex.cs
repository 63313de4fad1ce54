using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization.Indexing;

/// <summary>
/// Finds a policy that matches without asking all: each is filed under its path, its principal or its method, whichever it
/// shares with the fewest others. Only policies that name none of them are asked every time.
/// </summary>
internal sealed class PolicyIndex
{
    private static readonly Func<RbacConditionConfig, PolicyKey[]?>[] Attributes = [PolicyKeys.OfPath, PolicyKeys.OfPrincipal, PolicyKeys.OfMethod];

    private readonly KeyTrie _byPath = new();
    private readonly KeyTrie _byPrincipal = new();
    private readonly KeyTrie _byMethod = new();
    private readonly RbacPolicy[] _others;

    public PolicyIndex(EquatableArray<RbacPolicyConfig> policies)
    {
        var keys = policies.Select(p => Attributes.Select(attribute => PolicyKeys.Of(p, attribute)).ToArray()).ToArray();
        var sharing = Attributes
            .Select((_, attribute) => keys.SelectMany(k => k[attribute] ?? []).CountBy(key => key).ToDictionary())
            .ToArray();
        KeyTrie[] tries = [_byPath, _byPrincipal, _byMethod];
        var others = new List<RbacPolicy>();
        for (var i = 0; i < policies.Count; i++)
        {
            var policy = new RbacPolicy(policies[i]);
            var best = -1;
            var fewest = int.MaxValue;
            for (var attribute = 0; attribute < Attributes.Length; attribute++)
            {
                if (keys[i][attribute] is { } own && own.Select(key => sharing[attribute][key]).DefaultIfEmpty(0).Max() is var most && most < fewest)
                {
                    (best, fewest) = (attribute, most);
                }
            }

            if (best < 0)
            {
                others.Add(policy);
                continue;
            }

            foreach (var key in keys[i][best]!)
            {
                tries[best].Add(key, policy);
            }
        }

        _others = [.. others];
    }

    /// <summary>A policy that matches, or null.</summary>
    public RbacPolicy? Find(InboundSubject subject)
    {
        if ((_byPath.Find(subject.Path, subject)
            ?? _byPrincipal.Find(subject.Peer?.Name, subject)
            ?? _byMethod.Find(subject.Method, subject)) is { } found)
        {
            return found;
        }

        foreach (var policy in _others)
        {
            if (policy.Matches(subject))
            {
                return policy;
            }
        }

        return null;
    }
}
