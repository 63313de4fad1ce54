using Envoy.Service.Discovery.V3;

namespace ProxylessMesh.Xds.Ads;

/// <summary>Hears of a stream's progress.</summary>
internal interface IAdsSessionEvents
{
    /// <summary>Completes when all watchers have seen the response: only then is the next one read.</summary>
    Task ReceivedAsync(AdsSession session, DiscoveryResponse response);

    void Sent(AdsSession session, OutgoingRequest request);
}
