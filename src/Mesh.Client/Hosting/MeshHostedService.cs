using Microsoft.Extensions.Hosting;
using ProxylessMesh.Client.Runtime;

namespace ProxylessMesh.Client.Hosting;

/// <summary>Joins the mesh before any other service of the host starts, so that the app's first request finds it there.</summary>
internal sealed class MeshHostedService(MeshRuntime runtime, IHttpClientFactory clients) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var name in runtime.Options.ClientsWithMesh)
        {
            using var client = clients.CreateClient(name);
            if (client.BaseAddress is { } address)
            {
                runtime.AddDependency(address);
            }
        }

        await runtime.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
