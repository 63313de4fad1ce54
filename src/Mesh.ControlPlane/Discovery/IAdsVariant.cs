using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>State of the world or delta: all that a stream needs to know of the difference. Each stream has its own.</summary>
internal interface IAdsVariant<TRequest> : IMessageDecoder<TRequest>
    where TRequest : class
{
    /// <summary>For operators.</summary>
    string Name { get; }

    AdsRequestHead Head(TRequest request);

    /// <summary>Every name that the request brings, for the limits.</summary>
    IEnumerable<string> Names(TRequest request);

    SubscriptionOf<TRequest> Subscribe(string typeUrl, bool allByDefault);
}
