using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// A part of the endpoints that each process chooses for itself, by rendezvous hashing (gRFC A68): servers then have connections from some of
/// their callers only, evenly spread, and an endpoint that comes or goes changes one place at most.
/// </summary>
internal static class RandomSubset
{
    /// <param name="members">To choose from; they stay in their order.</param>
    /// <param name="size">0: all.</param>
    /// <param name="seed">The process's own.</param>
    public static ClusterMember[] Of(ClusterMember[] members, int size, ulong seed)
    {
        if (size == 0 || members.Length <= size)
        {
            return members;
        }

        var hashes = Array.ConvertAll(members, m => Xxh64.Hash(m.Endpoint.Authority, seed));
        var places = Enumerable.Range(0, members.Length).ToArray();
        Array.Sort((ulong[])hashes.Clone(), places);
        var chosen = places.AsSpan(0, size);
        chosen.Sort();
        return Array.ConvertAll(chosen.ToArray(), i => members[i]);
    }
}
