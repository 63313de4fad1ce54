using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>The server's end of one stream in state of the world.</summary>
internal sealed class ScriptedStream : ScriptedEnd<DiscoveryRequest, DiscoveryResponse>, IAdsStream
{
    public void Send<T>(ResourceKind<T> kind, string version, string nonce, params Any[] resources)
        where T : class => Send(new() { TypeUrl = kind.TypeUrl, VersionInfo = version, Nonce = nonce, Resources = { resources } });

    /// <summary>Sends and waits for the answer to it.</summary>
    public async Task<DiscoveryRequest> ExchangeAsync<T>(ResourceKind<T> kind, string version, string nonce, params Any[] resources)
        where T : class
    {
        Send(kind, version, nonce, resources);
        return await NextAsync();
    }
}
