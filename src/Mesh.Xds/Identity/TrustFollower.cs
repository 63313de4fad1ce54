namespace ProxylessMesh.Xds.Identity;

/// <summary>Tells changes of what is trusted from mere rotations of the own certificate.</summary>
internal sealed class TrustFollower : IDisposable
{
    private readonly Lock _lock = new();
    private Action<TrustBundle>? _onChanged;
    private IIdentitySource? _source;
    private TrustBundle? _last;

    /// <param name="source">Of the trust.</param>
    /// <param name="onChanged">Called one at a time, with the newest, on a thread of its own: it verifies many certificates.</param>
    public void Follow(IIdentitySource source, Action<TrustBundle> onChanged)
    {
        _onChanged = onChanged;
        _source = source;
        _last = source.Current?.Bundle;
        source.Changed += OnChanged;
    }

    public void Dispose()
    {
        if (_source is not null)
        {
            _source.Changed -= OnChanged;
        }
    }

    private void OnChanged() => ThreadPool.UnsafeQueueUserWorkItem(static follower => follower.Judge(), this, preferLocal: false);

    private void Judge()
    {
        lock (_lock)
        {
            if (_source?.Current?.Bundle is { } now && _last?.TrustsSameAs(now) != true)
            {
                _last = now;
                _onChanged?.Invoke(now);
            }
        }
    }
}
