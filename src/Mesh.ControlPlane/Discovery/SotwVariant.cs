using Envoy.Service.Discovery.V3;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>StreamAggregatedResources.</summary>
internal sealed class SotwVariant : IAdsVariant<SotwRequest>
{
    private readonly List<SotwSubscription> _subscriptions = [];

    public string Name => "sotw";

    // One request after the other: whoever decodes has no subscription made or changed meanwhile.
    public SotwRequest Decode(ReadOnlySpan<byte> message, int mostFields) => SotwRequestReader.Read(message, _subscriptions, mostFields);

    public AdsRequestHead Head(SotwRequest request) => new(request.Message.TypeUrl, request.Message.Node, request.Message.ErrorDetail?.Message);

    public IEnumerable<string> Names(SotwRequest request) => request.Message.ResourceNames;

    public SubscriptionOf<SotwRequest> Subscribe(string typeUrl, bool allByDefault)
    {
        var subscription = new SotwSubscription(typeUrl, allByDefault);
        _subscriptions.Add(subscription);
        return subscription;
    }
}
