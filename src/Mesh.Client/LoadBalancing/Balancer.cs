using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// Chooses among the endpoints of one cluster. Built off the request path whenever endpoints, health or weights change, then
/// only read: a pick takes no lock and allocates nothing.
/// </summary>
internal abstract class Balancer
{
    /// <summary>Whether <see cref="Pick"/> looks at the hash.</summary>
    public virtual bool UsesHash => false;

    /// <param name="hash">Of the request, or a random number where it has none; only read when <see cref="UsesHash"/>.</param>
    /// <param name="attempt">0 at first; more where the caller wants another endpoint than the one it got.</param>
    /// <returns>Null: there is nothing to pick from.</returns>
    public abstract Endpoint? Pick(ulong hash, int attempt);

    /// <summary>Looks again at weights that change without an update; most policies have none.</summary>
    public virtual void Refresh()
    {
    }
}
