using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>A certificate that does not change.</summary>
internal sealed class FixedIdentity(IdentityState state) : IIdentitySource
{
    public event Action? Changed
    {
        add { }
        remove { }
    }

    public IdentityState? Current => state;

    public string? LastError => null;

    public void Start()
    {
    }

    public Task<IdentityState> WaitAsync(CancellationToken cancellationToken) => Task.FromResult(state);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
