using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>One watched resource, as last heard of. Belongs to the client's event loop.</summary>
internal sealed class Dependency<T> : IResourceWatcher<T>, IDisposable
    where T : class
{
    private readonly IDisposable _subscription;
    private readonly Action _onChanged;

    public Dependency(XdsClient client, ResourceKind<T> kind, string name, Action onChanged)
    {
        Name = name;
        _onChanged = onChanged;
        _subscription = client.Watch(kind, name, this);
    }

    public string Name { get; }

    public T? Value { get; private set; }

    /// <summary>Why there is no value; an ambient error is not kept here, as it changes nothing.</summary>
    public ResourceError? Error { get; private set; }

    /// <summary>There was a value and the client took it back, which it only does when it is told to fail on data errors.</summary>
    public bool WasDropped { get; private set; }

    public bool IsKnown => Value is not null || Error is not null;

    public void OnChanged(T resource)
    {
        Value = resource;
        Error = null;
        WasDropped = false;
        _onChanged();
    }

    public void OnMissing(ResourceError error)
    {
        WasDropped |= Value is not null;
        Value = null;
        Error = error;
        _onChanged();
    }

    public void OnAmbientError(ResourceError error)
    {
    }

    public void Dispose() => _subscription.Dispose();
}
