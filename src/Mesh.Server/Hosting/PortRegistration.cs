using Microsoft.Extensions.Hosting;
using ProxylessMesh.Server.Listening;

namespace ProxylessMesh.Server.Hosting;

/// <summary>Tells the mesh where this workload can be reached, from when it listens until just before it stops.</summary>
internal sealed class PortRegistration(IInboundMesh mesh, InboundPorts ports, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (mesh.Enabled)
        {
            lifetime.ApplicationStarted.Register(Register);

            // Fires before the server stops accepting: the control plane removes the endpoints while requests still succeed.
            lifetime.ApplicationStopping.Register(() => mesh.SetListeningPorts([], AcceptsMutualTls));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private bool AcceptsMutualTls => mesh.Identity is not null;

    private void Register()
    {
        var names = mesh.Options.Workload.PortNames;
        var listening = new List<KeyValuePair<string, int>>();
        foreach (var (port, address) in ports.Bound())
        {
            port.Follow(address);
            var number = address.Port;
            var name = listening.Count < names.Count ? names[listening.Count] : listening.Count == 0 ? "http" : $"http-{number}";
            listening.Add(new(name, number));
        }

        mesh.SetListeningPorts(listening, AcceptsMutualTls);
    }
}
