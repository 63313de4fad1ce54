using ProxylessMesh.Client;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Client.Runtime;

/// <summary>What one process has of the mesh: its identity, its control-plane connection and the services it calls.</summary>
internal sealed class MeshRuntime : IMesh, IAsyncDisposable
{
    /// <summary>Whether a control plane is configured and the mode is not Off. When false, everything below is inert.</summary>
    public bool Enabled => throw new NotImplementedException();

    /// <summary>The validated settings.</summary>
    public MeshOptions Options => throw new NotImplementedException();

    /// <summary>The ADS client; only when <see cref="Enabled"/>.</summary>
    public XdsClient Xds => throw new NotImplementedException();

    /// <summary>The workload's certificate, or null where the control plane gives none (plaintext development).</summary>
    public IIdentitySource? Identity => throw new NotImplementedException();

    /// <summary>The clock of everything.</summary>
    public TimeProvider Time => throw new NotImplementedException();

    /// <summary>Gets identity and first configuration. Idempotent; safe to call from several hosted services.</summary>
    /// <exception cref="MeshStartException">The mode is Required and the mesh could not be joined; the message says why.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>
    /// Registers the ports that the app now listens on (name, number), or, with an empty list, takes them back before the app
    /// stops: the control plane then removes the endpoints (experience: removal comes before the stop).
    /// </summary>
    public void SetListeningPorts(IReadOnlyList<KeyValuePair<string, int>> ports, bool acceptsMutualTls) => throw new NotImplementedException();

    /// <summary>Fetches the configuration of an authority at start.</summary>
    public void AddDependency(Uri address) => throw new NotImplementedException();

    /// <summary>A handler over one that serves what the mesh does not know; disposes it with itself.</summary>
    public HttpMessageHandler CreateHandler(HttpMessageHandler passThrough) => throw new NotImplementedException();

    /// <inheritdoc/>
    public HttpMessageHandler CreateHandler() => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
