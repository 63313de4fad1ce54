using Envoy.Service.Discovery.V3;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>StreamAggregatedResources.</summary>
internal sealed class SotwVariant : IAdsVariant<DiscoveryRequest, DiscoveryResponse>
{
    public static SotwVariant Instance { get; } = new();

    public string Name => "sotw";

    public AdsRequestHead Head(DiscoveryRequest request) => new(request.TypeUrl, request.Node, request.ErrorDetail?.Message);

    public IEnumerable<string> Names(DiscoveryRequest request) => request.ResourceNames;

    public SubscriptionOf<DiscoveryRequest> Subscribe(string typeUrl, bool allByDefault) => new SotwSubscription(typeUrl, allByDefault);
}
