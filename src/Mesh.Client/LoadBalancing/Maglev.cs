using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// Consistent hashing by a table that endpoints fill in turn, each in an order of its own (Eisenbud et al., "Maglev", listing 1;
/// Envoy, maglev): entry for entry Envoy's table. The size must be prime, or an order would not reach every entry.
/// </summary>
internal sealed class Maglev : Balancer
{
    private readonly Endpoint[] _table;

    public Maglev(IReadOnlyList<WeightedEndpoint> endpoints, int tableSize)
    {
        var size = (ulong)tableSize;
        var sorted = HashKeys.Sort(endpoints);
        var heaviest = sorted.Max(e => e.Weight);
        var rows = Array.ConvertAll(sorted, e => new Row(e, Xxh64.Hash(e.HashKey) % size, (Xxh64.Hash(e.HashKey, seed: 1) % (size - 1)) + 1));
        _table = new Endpoint[tableSize];
        var filled = 0;
        for (var iteration = 1; filled < tableSize; iteration++)
        {
            for (var i = 0; i < rows.Length && filled < tableSize; i++)
            {
                var row = rows[i];

                // The heaviest takes an entry in every iteration, one of a third of its weight in every third.
                if (iteration * row.Weight >= row.Target)
                {
                    row.Target += heaviest;
                    _table[row.NextFree(_table)] = row.Endpoint;
                    filled++;
                }
            }
        }
    }

    public override bool UsesHash => true;

    public ReadOnlySpan<Endpoint> Table => _table;

    /// <summary>A further attempt turns most bits of the hash over, as in Envoy, so that retries spread.</summary>
    public override Endpoint Pick(ulong hash, int attempt) =>
        _table[(int)((attempt == 0 ? hash : hash ^ (ulong.MaxValue - (uint)attempt + 1)) % (ulong)_table.Length)];

    private sealed class Row(WeightedEndpoint endpoint, ulong offset, ulong skip)
    {
        private ulong _next;

        public Endpoint Endpoint => endpoint.Endpoint;

        public double Weight => endpoint.Weight;

        public double Target { get; set; }

        public int NextFree(Endpoint?[] table)
        {
            int entry;
            do
            {
                entry = (int)((offset + (skip * _next++)) % (ulong)table.Length);
            }
            while (table[entry] is not null);

            return entry;
        }
    }
}
