using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>
/// Follows one outbound listener through its route configuration to clusters and endpoints, and publishes a whole snapshot
/// whenever one is complete (gRFC A74): a route is held back until every cluster and endpoint list that it names has arrived
/// or is known to be missing.
/// </summary>
internal sealed class ServiceWatch : IDisposable
{
    /// <param name="client">Where resources come from.</param>
    /// <param name="listenerName"><c>reviews:9080</c>: what LDS is asked for.</param>
    /// <param name="onChanged">Called one at a time, first when the first state is known.</param>
    public ServiceWatch(XdsClient client, string listenerName, Action<ServiceState> onChanged)
        => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
