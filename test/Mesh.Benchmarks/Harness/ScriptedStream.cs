using System.Threading.Channels;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>Answers the first request for each type; what follows are acknowledgements.</summary>
internal sealed class ScriptedStream(Func<string, Any> resource) : IAdsStream
{
    private readonly Channel<DiscoveryResponse> _responses = Channel.CreateUnbounded<DiscoveryResponse>();

    public Task WriteAsync(DiscoveryRequest request, CancellationToken cancellationToken)
    {
        if (request.ResponseNonce.Length == 0)
        {
            _responses.Writer.TryWrite(new DiscoveryResponse
            {
                TypeUrl = request.TypeUrl,
                VersionInfo = "1",
                Nonce = "1",
                Resources = { resource(request.TypeUrl) },
            });
        }

        return Task.CompletedTask;
    }

    public async Task<DiscoveryResponse?> ReadAsync(CancellationToken cancellationToken) => await _responses.Reader.ReadAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
