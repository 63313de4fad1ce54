using Envoy.Service.Discovery.V3;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// Which responses of a type are under way, and what the client said of each. A resource that was refused counts as refused until a
/// later response with it is accepted; those in between say nothing of it.
/// </summary>
internal sealed class DeltaAcknowledgements
{
    // A client that never answers costs no more than this; of older responses only the fact of an answer is understood.
    private const int MaxUnderWay = 16;

    private const int MaxRefused = 64;

    private readonly Queue<UnderWay> _underWay = new();

    public void Sent(string nonce, string version, IReadOnlyCollection<string> changed, IReadOnlyCollection<string> removed)
    {
        if (_underWay.Count == MaxUnderWay)
        {
            _underWay.Dequeue();
        }

        _underWay.Enqueue(new UnderWay(nonce, version, changed, removed));
    }

    public SubscriptionStatus Take(SubscriptionStatus status, DeltaDiscoveryRequest request)
    {
        if (!_underWay.Any(r => r.Nonce == request.ResponseNonce))
        {
            return status;
        }

        // Answers come in the order of the responses; one that was left out will not come any more.
        UnderWay response;
        do
        {
            response = _underWay.Dequeue();
        }
        while (response.Nonce != request.ResponseNonce);

        if (request.ErrorDetail is null && status.Refused.IsEmpty)
        {
            return status with { AckedVersion = response.Version, NackError = null, AnsweredNonce = response.Nonce };
        }

        var names = response.Changed.Concat(response.Removed).ToHashSet(StringComparer.Ordinal);
        var refused = status.Refused.RemoveAll(r => r.Name.Length == 0 || names.Contains(r.Name));
        if (request.ErrorDetail is { } error)
        {
            var text = Refusals.Cut(error.Message);
            var all = refused.AddRange(Refusals.Read(text, names.Contains));
            return status with { NackError = text, Refused = all.Length > MaxRefused ? all[^MaxRefused..] : all, AnsweredNonce = response.Nonce };
        }

        return status with
        {
            AckedVersion = response.Version,
            NackError = refused.IsEmpty ? null : status.NackError,
            Refused = refused,
            AnsweredNonce = response.Nonce,
        };
    }

    private sealed record UnderWay(string Nonce, string Version, IReadOnlyCollection<string> Changed, IReadOnlyCollection<string> Removed);
}
