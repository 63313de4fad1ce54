using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Draining;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.Tcp;

namespace ProxylessMesh.Server.Hosting;

/// <summary>
/// Tells the mesh where this workload can be reached, from when it listens until it is about to stop; then goes on serving for the
/// drain delay, because callers learn of the end only after the control plane did.
/// </summary>
internal sealed partial class PortRegistration(
    IInboundMesh mesh, InboundPorts ports, ConnectionDrain drain, IHostApplicationLifetime lifetime, IHostEnvironment environment, ILogger<PortRegistration> logger)
    : IHostedLifecycleService
{
    private int _registered;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (mesh.Enabled)
        {
            lifetime.ApplicationStarted.Register(Register);

            // A signal fires this before the host begins to stop; a call of StopAsync only after StoppingAsync.
            lifetime.ApplicationStopping.Register(() => TakeBack());
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before any service of the host stops, Kestrel among them.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        TakeBack();
        var delay = DrainDelay.Of(mesh.Options, environment);
        if (!mesh.Enabled || !ports.Bound().Any() || delay <= TimeSpan.Zero)
        {
            return;
        }

        Log.Draining(logger, delay.TotalSeconds);
        try
        {
            await Task.Delay(delay, mesh.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host's shutdown timeout: whoever waits for it wants the end, not the reason.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private bool AcceptsMutualTls => mesh.Identity is not null && !mesh.Options.Workload.IsGateway;

    private void TakeBack()
    {
        if (Interlocked.Exchange(ref _registered, 0) == 1)
        {
            mesh.SetListeningPorts([], AcceptsMutualTls);
            drain.Begin();
        }
    }

    private void Register()
    {
        var names = mesh.Options.Workload.PortNames;
        var listening = new List<KeyValuePair<string, int>>();
        foreach (var (port, address) in ports.Bound())
        {
            port.Follow(address);
            var number = address.Port;
            var protocol = port.Content == EndpointContent.Bytes ? "tcp" : "http";
            var name = listening.Count < names.Count ? names[listening.Count] : listening.Count == 0 ? protocol : $"{protocol}-{number}";
            listening.Add(new(name, number));
        }

        Volatile.Write(ref _registered, 1);
        mesh.SetListeningPorts(listening, AcceptsMutualTls);
    }

    private static partial class Log
    {
        [LoggerMessage(3190, LogLevel.Information, "Left the mesh; still serving for {Seconds} s, until every caller knows (Mesh:DrainDelay).")]
        public static partial void Draining(ILogger logger, double seconds);
    }
}
