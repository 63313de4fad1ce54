namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// The certificate and roots of the moment, replaced whole, and the roots that the control plane distributes, which go before those
/// that came with the certificate.
/// </summary>
internal sealed class IdentitySlot
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<IdentityState> _available = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IdentityState? _current;
    private TrustAnchors? _trust;
    private bool _trustChanged;

    public IdentityState? Current => _current;

    /// <summary>What the control plane distributes; null: nothing so far.</summary>
    public TrustAnchors? Trust
    {
        get
        {
            lock (_lock)
            {
                return _trust;
            }
        }
    }

    public Task<IdentityState> WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _available.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The state that is replaced is not disposed of: a handshake may be using it.</summary>
    public void Set(IdentityState state)
    {
        lock (_lock)
        {
            Replace(state);
        }
    }

    /// <summary>There is none any more.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _current = null;
            _available = new TaskCompletionSource<IdentityState>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void UseTrust(TrustAnchors trust)
    {
        lock (_lock)
        {
            _trust = trust;
            _trustChanged = true;
            _wake.TrySetResult();
            if (_current is { } state)
            {
                Replace(state);
            }
        }
    }

    /// <summary>Roots that have come since the last time this was asked, once there is a certificate for which they could matter.</summary>
    public TrustAnchors? TakeNewTrust()
    {
        lock (_lock)
        {
            if (!_trustChanged || _current is null)
            {
                return null;
            }

            _trustChanged = false;
            return _trust;
        }
    }

    /// <summary>Completes when roots come. What the last wait was woken by is spent; roots that come from now on end the next one.</summary>
    public Task Woken()
    {
        lock (_lock)
        {
            if (_wake.Task.IsCompleted && !(_trustChanged && _current is not null))
            {
                _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return _wake.Task;
        }
    }

    private void Replace(IdentityState state)
    {
        // What the control plane distributes is all that counts, so that a root which it took back is no longer trusted.
        state = _trust is { } trust ? state with { Bundle = trust.For(state.Bundle.TrustDomain) } : state;
        _current = state;
        if (!_available.TrySetResult(state))
        {
            _available = new TaskCompletionSource<IdentityState>(TaskCreationOptions.RunContinuationsAsynchronously);
            _available.SetResult(state);
        }
    }
}
