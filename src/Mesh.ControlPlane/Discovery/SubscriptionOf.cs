using ProxylessMesh.ControlPlane.Grpc;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>A <see cref="Subscription"/> in one variant of the protocol.</summary>
internal abstract class SubscriptionOf<TRequest>(string typeUrl, bool allByDefault) : Subscription(typeUrl, allByDefault)
    where TRequest : class
{
    /// <summary>Takes a request in; true when it asks for an answer.</summary>
    public abstract bool Apply(TRequest request);

    /// <summary>Makes the response and remembers it as sent.</summary>
    /// <param name="content">Where it <see cref="Subscription.Differs"/>, or where the client asked.</param>
    /// <param name="version">Of the state.</param>
    /// <param name="nonce">Of the response.</param>
    /// <param name="answers">Whether a request is answered, and not a change told.</param>
    public abstract EncodedMessage Send(SubscriptionContent content, string version, string nonce, bool answers);
}
