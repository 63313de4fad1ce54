using System.Collections.Concurrent;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.FilterServices;

/// <summary>
/// Ways to the services that filters ask, one for each host and port. They go through the mesh like the app's own calls: the service
/// is discovered, and the call has the workload's identity.
/// </summary>
internal sealed class ServiceChannels(IInboundMesh mesh) : IDisposable
{
    // An answer is a verdict and some headers.
    private static readonly GrpcChannelSettings Settings = new() { MaxReceiveMessageSize = 1024 * 1024 };

    private readonly ConcurrentDictionary<(string Host, int Port), Lazy<GrpcChannel>> _channels = new();

    public GrpcChannel Find(GrpcServiceConfig service) => _channels.GetOrAdd(
        (service.Host, service.Port),
        at => new Lazy<GrpcChannel>(() => GrpcChannel.Over(mesh.CreateHandler(), new UriBuilder("http", at.Host, at.Port).Uri, Settings, mesh.Time))).Value;

    public void Dispose()
    {
        foreach (var channel in _channels.Values)
        {
            if (channel.IsValueCreated)
            {
                channel.Value.Dispose();
            }
        }
    }
}
