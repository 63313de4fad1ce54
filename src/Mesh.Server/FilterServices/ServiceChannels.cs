using System.Collections.Concurrent;
using System.Net;
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

    private readonly Lazy<HttpMessageInvoker> _http = new(() => new HttpMessageInvoker(mesh.CreateHandler(Plain())));
    private readonly ConcurrentDictionary<(string Host, int Port), Lazy<GrpcChannel>> _channels = new();

    public GrpcChannel Find(GrpcServiceConfig service) => _channels.GetOrAdd(
        (service.Host, service.Port),
        at => new Lazy<GrpcChannel>(() => GrpcChannel.Over(mesh.CreateHandler(Plain()), new UriBuilder("http", at.Host, at.Port).Uri, Settings, mesh.Time))).Value;

    /// <summary>For services that are asked over HTTP.</summary>
    public HttpMessageInvoker Http => _http.Value;

    // What a service answers is a verdict: nothing may be followed, remembered or unpacked on the way.
    private static SocketsHttpHandler Plain() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Settings.ConnectTimeout,
    };

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }

        foreach (var channel in _channels.Values)
        {
            if (channel.IsValueCreated)
            {
                channel.Value.Dispose();
            }
        }
    }
}
