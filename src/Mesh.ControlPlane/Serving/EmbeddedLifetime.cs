namespace ProxylessMesh.ControlPlane.Serving;

/// <summary>Leaves signals and start-up lines to whoever runs the control plane: it may be one of several in a process.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
