using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Testing;

/// <summary>Certificate and roots that change when the test says so.</summary>
internal sealed class SettableIdentity(IdentityState first) : IIdentitySource
{
    private volatile IdentityState _current = first;

    public event Action? Changed;

    public IdentityState Current
    {
        get => _current;
        set
        {
            _current = value;
            Changed?.Invoke();
        }
    }

    public string? LastError => null;

    public void Start()
    {
    }

    public Task<IdentityState> WaitAsync(CancellationToken cancellationToken) => Task.FromResult(_current);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
