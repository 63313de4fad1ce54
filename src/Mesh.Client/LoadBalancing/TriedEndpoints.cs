using System.Runtime.CompilerServices;
using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>The endpoints that a call has been sent to, without an allocation; beyond its capacity the oldest is forgotten.</summary>
internal struct TriedEndpoints
{
    private Buffer _endpoints;
    private int _count;

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
