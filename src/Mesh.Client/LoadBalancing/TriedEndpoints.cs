using System.Runtime.CompilerServices;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>The endpoints that a call has been sent to, without an allocation; beyond its capacity the oldest is forgotten.</summary>
internal struct TriedEndpoints
{
    private Buffer _endpoints;
    private int _count;
    private ulong _priorities;
    private int _attempts;

    /// <summary>Priorities that the next attempt leaves out, a bit each (Envoy, previous_priorities).</summary>
    public ulong ExcludedPriorities { get; private set; }

    /// <summary>What the policy wants remembered of an attempt.</summary>
    public void Record(Endpoint endpoint, RetryPolicyConfig policy)
    {
        if (policy.AvoidPreviousHosts)
        {
            Add(endpoint);
        }

        if (policy.PriorityUpdateFrequency is { } frequency)
        {
            _priorities |= OtherPriorities.Bit(endpoint.Priority);
            _attempts++;
            if (_attempts % frequency == 0)
            {
                ExcludedPriorities = _priorities;
            }
        }
    }

    public readonly bool Contains(Endpoint endpoint)
    {
        var known = Math.Min(_count, Buffer.Capacity);
        for (var i = 0; i < known; i++)
        {
            if (ReferenceEquals(_endpoints[i], endpoint))
            {
                return true;
            }
        }

        return false;
    }

    public void Add(Endpoint endpoint)
    {
        _endpoints[_count % Buffer.Capacity] = endpoint;
        _count++;
    }

    [InlineArray(Capacity)]
    private struct Buffer
    {
        public const int Capacity = 4;
        private Endpoint? _first;
    }
}
