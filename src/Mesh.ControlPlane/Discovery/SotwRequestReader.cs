using System.Text;
using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Wire;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// Reads requests of state of the world. Each holds all names, also when it only accepts a response (xDS protocol, "ACK/NACK and
/// resource type instance version"), so nearly all of what comes repeats what is known: names are compared as they stand in the
/// message, and become texts only where they differ.
/// </summary>
internal static class SotwRequestReader
{
    // Version, type, nonce and a refusal of some length; a request with more than that is read whole.
    private const int MaxRest = 1024;

    private static readonly ProtobufDecoder<DiscoveryRequest> s_requests = new(DiscoveryRequest.Parser);

    /// <inheritdoc cref="IMessageDecoder{T}.Decode"/>
    /// <param name="message">The request.</param>
    /// <param name="subscriptions">Of the stream, one for each type.</param>
    /// <param name="mostFields">That it may hold.</param>
    public static SotwRequest Read(ReadOnlySpan<byte> message, List<SotwSubscription> subscriptions, int mostFields)
    {
        if (subscriptions.Count > 0)
        {
            Span<byte> rest = stackalloc byte[MaxRest];
            if (TryDivide(message, rest, out var length, out var names, out var type)
                && Find(subscriptions, message[type]) is { } subscription
                && subscription.AsksFor(message[names]))
            {
                var request = s_requests.Decode(rest[..length], mostFields);

                // Unless the parser finds more in it: it takes tags that are longer than they may be.
                if (request.ResourceNames.Count == 0 && request.TypeUrl == subscription.TypeUrl)
                {
                    return new SotwRequest(request, RepeatsNames: true);
                }
            }
        }

        return new SotwRequest(s_requests.Decode(message, mostFields), RepeatsNames: false);
    }

    /// <summary>The names of a request, which stand together, and all else of it. False: it is read whole.</summary>
    private static bool TryDivide(ReadOnlySpan<byte> message, Span<byte> rest, out int length, out Range names, out Range type)
    {
        (length, names, type) = (0, default, default);
        var (first, end) = (0, 0);
        var fields = new WireFields(message);
        while (fields.TryNext())
        {
            if (fields is { Number: DiscoveryRequest.ResourceNamesFieldNumber, IsMessage: true })
            {
                if (end > 0 && end != fields.Start)
                {
                    return false;
                }

                (first, end) = (end > 0 ? first : fields.Start, fields.End);
                continue;
            }

            if (fields is { Number: DiscoveryRequest.TypeUrlFieldNumber, IsMessage: true })
            {
                type = fields.ContentStart..fields.End;
            }

            if (!message[fields.Start..fields.End].TryCopyTo(rest[length..]))
            {
                return false;
            }

            length += fields.End - fields.Start;
        }

        names = first..end;
        return !fields.IsBroken && end > 0;
    }

    private static SotwSubscription? Find(List<SotwSubscription> subscriptions, ReadOnlySpan<byte> typeUrl)
    {
        foreach (var subscription in subscriptions)
        {
            if (Ascii.Equals(typeUrl, subscription.TypeUrl))
            {
                return subscription;
            }
        }

        return null;
    }
}
