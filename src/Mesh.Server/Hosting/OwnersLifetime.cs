using Microsoft.Extensions.Hosting;

namespace ProxylessMesh.Server.Hosting;

/// <summary>Of a server beside the app's: it begins and ends with the app, whose the signals are.</summary>
internal sealed class OwnersLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
