using System.Globalization;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// Consistent hashing on a ring (gRFC A42; Envoy, ring_hash), entry for entry the ring of Envoy and gRPC, so that clients of
/// other languages send a key to the same endpoint.
/// </summary>
internal sealed class RingHash : Balancer
{
    private readonly ulong[] _positions;
    private readonly Endpoint[] _endpoints;

    public RingHash(IReadOnlyList<WeightedEndpoint> endpoints, LoadBalancingConfig config)
    {
        var sorted = HashKeys.Sort(endpoints);
        var smallest = sorted.Min(e => e.Weight);

        // The lightest endpoint gets a whole number of entries, as long as the ring may be that large.
        var scale = Math.Min(Math.Ceiling(smallest * config.MinimumRingSize) / smallest, config.MaximumRingSize);
        var size = (int)Math.Ceiling(scale);
        var positions = new List<ulong>(size);
        var owners = new List<Endpoint>(size);
        double current = 0;
        double target = 0;
        foreach (var endpoint in sorted)
        {
            target += scale * endpoint.Weight;
            for (var i = 0; current < target; i++, current++)
            {
                positions.Add(Xxh64.Hash(string.Create(CultureInfo.InvariantCulture, $"{endpoint.HashKey}_{i}")));
                owners.Add(endpoint.Endpoint);
            }
        }

        (_positions, _endpoints) = ([.. positions], [.. owners]);
        Array.Sort(_positions, _endpoints);
    }

    public override bool UsesHash => true;

    /// <summary>Entries in the order of the ring.</summary>
    public ReadOnlySpan<ulong> Positions => _positions;

    public override Endpoint Pick(ulong hash, int attempt)
    {
        // The first entry at or after the hash, then one further with each attempt, round the ring.
        var low = 0;
        var high = _positions.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_positions[middle] < hash)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return _endpoints[(int)(((uint)low + (uint)attempt) % (uint)_endpoints.Length)];
    }
}
