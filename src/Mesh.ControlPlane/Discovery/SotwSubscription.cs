using Envoy.Service.Discovery.V3;
using Google.Protobuf.Collections;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>State of the world: a request holds all names, a response all resources, and a version is that of the whole type.</summary>
internal sealed class SotwSubscription(string typeUrl, bool allByDefault) : SubscriptionOf<DiscoveryRequest, DiscoveryResponse>(typeUrl, allByDefault)
{
    private string? _nonce;
    private bool _repeat;

    public override bool Apply(DiscoveryRequest request)
    {
        var answersUs = _nonce is not null && request.ResponseNonce.Length > 0;
        if (answersUs && request.ResponseNonce != _nonce)
        {
            // It crossed a newer response; the client repeats its wishes when it has read that one.
            return false;
        }

        if (answersUs)
        {
            Acknowledge(request);
        }

        return TakeNames(request.ResourceNames) || (!answersUs && !IsEmpty);
    }

    public override bool Differs(SubscriptionContent content) =>
        _repeat
        || !content.Missing.IsSubsetOf(ReportedMissing)
        || content.Resources.Count != Sent.Count
        || content.Resources.Any(entry => !Sent.TryGetValue(entry.Key, out var last) || !last.IsSameAs(entry.Value));

    public override void Repeat(IReadOnlyCollection<string> names) => _repeat |= names.Count > 0;

    /// <summary>A name that does not exist is told once (xDS TP3).</summary>
    public override DiscoveryResponse Send(SubscriptionContent content, string version, string nonce)
    {
        var response = DiscoveryResponses.Create(TypeUrl, version, nonce, content.Resources.Values, content.Missing.Except(ReportedMissing));
        Sent = content.Resources;
        ReportedMissing = content.Missing;
        _nonce = nonce;
        _repeat = false;
        Update(s => s with { SentVersion = version, SentNonce = nonce });
        return response;
    }

    private void Acknowledge(DiscoveryRequest request)
    {
        if (request.ErrorDetail is { } error)
        {
            var text = Refusals.Cut(error.Message);
            var refused = Refusals.Read(text, Sent.ContainsKey);
            Update(s => s with { NackError = text, Refused = refused, AnsweredNonce = request.ResponseNonce });
        }
        else
        {
            Update(s => s with { AckedVersion = s.SentVersion, NackError = null, Refused = [], AnsweredNonce = request.ResponseNonce });
        }
    }

    /// <summary>True when something was added. Fewer names need no answer: the client drops the rest by itself.</summary>
    private bool TakeNames(RepeatedField<string> requested)
    {
        var names = new HashSet<string>(requested, StringComparer.Ordinal);
        var star = names.Remove(Wildcard);
        var added = UpdateWildcard(star, requested.Count > 0) | !names.IsSubsetOf(Names);
        Names = names;
        DropUnwanted();
        UpdateNameCount();
        return added;
    }
}
