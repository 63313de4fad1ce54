using ProxylessMesh.Client;
using ProxylessMesh.Client.Runtime;

namespace ProxylessMesh.Sidecar.Hosting;

/// <summary>An app runs on without a mesh; a sidecar that guards nothing must not look as if it did.</summary>
internal sealed class MeshPresence(MeshRuntime mesh) : IHostedLifecycleService
{
    /// <exception cref="MeshStartException">No control plane is configured, and nobody has said that this is meant.</exception>
    public Task StartingAsync(CancellationToken cancellationToken) => mesh.Enabled || mesh.Options.Mode == MeshMode.Off
        ? Task.CompletedTask
        : throw new MeshStartException("A sidecar needs a control plane: set Mesh:ControlPlane, or Mesh:Mode to Off to forward without the mesh.");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
