using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Clusters;

/// <summary>Finds the long-lived state of each endpoint that an update names, so that connections, counts and ejections outlive the update.</summary>
/// <param name="connections">Makes those of an endpoint.</param>
/// <param name="breaker">The cluster's.</param>
/// <param name="time">The clock.</param>
internal sealed class EndpointStates(Func<EndpointKey, HttpMessageHandler> connections, CircuitBreaker breaker, TimeProvider time)
{
    private ClusterConfig? _membersOf;
    private int _update;

    /// <summary>A new update: what it names, with the states of <paramref name="old"/> where they are the same.</summary>
    public ClusterMember[] Members(ClusterConfig? config, EndpointsConfig? endpoints, ClusterMember[] old)
    {
        _update++;
        if (config is null)
        {
            return [];
        }

        // Endpoints whose configuration is the very same one, in the same place of the list, need no look-up.
        var reusable = config.Equals(_membersOf) ? old : [];
        _membersOf = config;
        var localities = (OriginalDestination.Endpoints(config) ?? endpoints)?.Localities ?? [];
        var members = new ClusterMember[localities.Sum(l => l.Endpoints.Count)];
        var fromEnd = reusable.Length - members.Length;
        var (next, found) = (0, 0);
        foreach (var locality in localities)
        {
            var place = new MemberLocality(locality.Id, locality.Weight);
            foreach (var endpoint in locality.Endpoints.AsSpan())
            {
                var state = Same(reusable, next, endpoint) ?? Same(reusable, next + fromEnd, endpoint);
                found += state is null ? 0 : 1;
                state?.Named(_update, locality.Priority);
                members[next++] = new ClusterMember(state!, endpoint, locality.Priority) { Locality = place };
            }
        }

        if (found < members.Length)
        {
            LookUp(config, members, old);
        }

        return members;
    }

    /// <summary>Those that the latest update no longer names; whether there are any.</summary>
    public bool RetireAbsent(ClusterMember[] old)
    {
        var retired = false;
        foreach (var member in old)
        {
            if (member.Endpoint.Update != _update)
            {
                retired = true;
                member.Endpoint.Retire();
            }
        }

        return retired;
    }

    private static Endpoint? Same(ClusterMember[] members, int index, EndpointConfig config) =>
        (uint)index < (uint)members.Length && ReferenceEquals(members[index].Config, config) ? members[index].Endpoint : null;

    /// <summary>The states of those members that have none yet: by their key, among those that no other member has.</summary>
    private void LookUp(ClusterConfig config, ClusterMember[] members, ClusterMember[] old)
    {
        var kept = new Dictionary<EndpointKey, Endpoint>();
        foreach (var member in old)
        {
            if (member.Endpoint.Update != _update)
            {
                kept.TryAdd(member.Endpoint.Key, member.Endpoint);
            }
        }

        foreach (ref var member in members.AsSpan())
        {
            if (member.Endpoint is null)
            {
                member = member with { Endpoint = Find(config, member.Config, kept) };
                member.Endpoint.Named(_update, member.Priority);
            }
        }
    }

    private Endpoint Find(ClusterConfig config, EndpointConfig endpoint, Dictionary<EndpointKey, Endpoint> kept)
    {
        var key = new EndpointKey(endpoint.Address, endpoint.Port, TlsSelection.For(config, endpoint))
        {
            Pool = config.ConnectionPool,
            OneHttp2Connection = config.CircuitBreakers.MaxConnections != int.MaxValue,
            Hostname = endpoint.Hostname,
            Additional = endpoint.Additional,
        };
        if (!kept.TryGetValue(key, out var state))
        {
            state = new Endpoint(key, endpoint.Authority, connections) { Breaker = breaker, Since = time.GetTimestamp() };
            kept.Add(key, state);
        }

        return state;
    }
}
