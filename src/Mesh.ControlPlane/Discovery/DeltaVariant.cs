using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>DeltaAggregatedResources.</summary>
internal sealed class DeltaVariant : IAdsVariant<DeltaDiscoveryRequest>
{
    private static readonly ProtobufDecoder<DeltaDiscoveryRequest> s_requests = new(DeltaDiscoveryRequest.Parser);

    public static DeltaVariant Instance { get; } = new();

    public string Name => "delta";

    public DeltaDiscoveryRequest Decode(ReadOnlySpan<byte> message, int mostFields) => s_requests.Decode(message, mostFields);

    public AdsRequestHead Head(DeltaDiscoveryRequest request) => new(request.TypeUrl, request.Node, request.ErrorDetail?.Message);

    public IEnumerable<string> Names(DeltaDiscoveryRequest request) =>
        request.ResourceLocatorsSubscribe.Count + request.ResourceLocatorsUnsubscribe.Count == 0
            ? request.ResourceNamesSubscribe.Concat(request.ResourceNamesUnsubscribe).Concat(request.InitialResourceVersions.Keys)
            : throw new GrpcException(GrpcStatusCode.InvalidArgument, "resource locators are not served: ask for resources by name");

    public SubscriptionOf<DeltaDiscoveryRequest> Subscribe(string typeUrl, bool allByDefault) => new DeltaSubscription(typeUrl, allByDefault);
}
