namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// The process's one connection to its control plane: a state-of-the-world ADS stream, subscriptions by name, a cache of
/// accepted resources (xDS protocol; gRFCs A27, A46, A57, A88).
/// </summary>
internal sealed class XdsClient : IAsyncDisposable
{
    /// <summary>Subscribes. The watcher hears at once what is cached. Dispose the result to unsubscribe.</summary>
    public IDisposable Watch<T>(ResourceKind<T> kind, string name, IResourceWatcher<T> watcher)
        where T : class
        => throw new NotImplementedException();

    /// <summary>Says something new about ourselves (ports that opened, draining): reconnects at once with the new node, keeping the cache.</summary>
    public void UpdateNode(NodeInfo node) => throw new NotImplementedException();

    /// <summary>Completes when the first response of any server has arrived.</summary>
    public Task FirstResponse => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
