using System.Text;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.Collections;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Xds.Wire;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// State of the world: a request holds all names, and a version is that of the whole type. Requests are answered with all resources.
/// So are changes of listeners and clusters; of routes and endpoints only those are sent that changed, as for delta
/// (xDS protocol, "Grouping Resources into Responses"), and those whose last response the client has not accepted.
/// </summary>
internal sealed class SotwSubscription(string typeUrl, bool allByDefault) : SubscriptionOf<SotwRequest>(typeUrl, allByDefault)
{
    private readonly bool _wholeAlways = typeUrl == Translation.TypeUrl.Listener || typeUrl == Translation.TypeUrl.Cluster;
    private HashSet<string> _repeat = new(StringComparer.Ordinal);
    private HashSet<string> _unaccepted = new(StringComparer.Ordinal);
    private bool _allUnaccepted;
    private string? _nonce;

    protected override bool HasDebts => _repeat.Count > 0;

    protected override IEnumerable<string> Debts => _repeat;

    /// <summary>
    /// Whether these are the names that are asked for, in the order in which they were: as in nearly every ACK. Names beyond ASCII, and
    /// "everything", are told by reading them. Called between two calls of <see cref="Apply"/>; nothing else changes what is asked for.
    /// </summary>
    /// <param name="fields">Of a request, as they came.</param>
    public bool AsksFor(ReadOnlySpan<byte> fields)
    {
        if (AllNames)
        {
            return false;
        }

        var given = new WireFields(fields);
        foreach (var name in Names)
        {
            if (!given.TryNext() || !Ascii.Equals(fields[given.ContentStart..given.End], name))
            {
                return false;
            }
        }

        return given.IsAtEnd;
    }

    public override bool Apply(SotwRequest request)
    {
        var message = request.Message;
        var answersUs = _nonce is not null && message.ResponseNonce.Length > 0;
        if (answersUs && message.ResponseNonce != _nonce)
        {
            // It crossed a newer response; the client repeats its wishes when it has read that one.
            return false;
        }

        if (answersUs)
        {
            Acknowledge(message);
        }

        return (!request.RepeatsNames && TakeNames(message.ResourceNames)) || (!answersUs && !IsEmpty);
    }

    public override bool Differs(SubscriptionContent content) =>
        _repeat.Count > 0
        || (content.IsPartial
            ? content.Missing.Any(name => Sent.ContainsKey(name) || !ReportedMissing.Contains(name))
            : !content.Missing.IsSubsetOf(ReportedMissing) || content.Resources.Count != Sent.Count)
        || content.Resources.Any(entry => IsNews(entry.Key, entry.Value));

    public override void Repeat(IReadOnlyCollection<string> names) => _repeat.UnionWith(names.Where(Sent.ContainsKey));

    /// <summary>A name that does not exist is told once (xDS TP3).</summary>
    public override EncodedMessage Send(SubscriptionContent content, string version, string nonce, bool answers)
    {
        var missing = content.Missing.Where(name => !ReportedMissing.Contains(name)).ToList();
        var whole = answers || _wholeAlways || _allUnaccepted;
        if (!whole)
        {
            _unaccepted.UnionWith(_repeat);
            _unaccepted.UnionWith(content.Resources.Where(entry => IsNews(entry.Key, entry.Value)).Select(entry => entry.Key));
        }

        Take(content);
        var resources = whole ? (IReadOnlyCollection<TranslatedResource>)Sent.Values : [.. _unaccepted.Where(Sent.ContainsKey).Select(name => Sent[name])];
        _allUnaccepted = whole;
        _nonce = nonce;
        _repeat = _repeat.Count == 0 ? _repeat : new HashSet<string>(StringComparer.Ordinal);
        Update(s => s with { SentVersion = version, SentNonce = nonce });
        return DiscoveryResponses.Create(TypeUrl, version, nonce, resources, missing);
    }

    private bool IsNews(string name, TranslatedResource resource) => !Sent.TryGetValue(name, out var last) || !last.IsSameAs(resource);

    private void Take(SubscriptionContent content)
    {
        NoteMissing(content);
        if (!content.IsPartial)
        {
            Sent = content.Resources;
            return;
        }

        foreach (var (name, resource) in content.Resources)
        {
            Sent[name] = resource;
        }

        foreach (var name in content.Missing)
        {
            Sent.Remove(name);
        }
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
            _allUnaccepted = false;
            _unaccepted = _unaccepted.Count == 0 ? _unaccepted : new HashSet<string>(StringComparer.Ordinal);
            Update(s => s with { AckedVersion = s.SentVersion, NackError = null, Refused = [], AnsweredNonce = request.ResponseNonce });
        }
    }

    /// <summary>True when something was added. Fewer names need no answer: the client drops the rest by itself.</summary>
    private bool TakeNames(RepeatedField<string> requested)
    {
        // Clients that name them in ever new orders keep the texts that all clients share.
        var names = new HashSet<string>(requested.Count, StringComparer.Ordinal);
        foreach (var name in requested)
        {
            names.Add(Names.TryGetValue(name, out var known) ? known : name);
        }

        var star = names.Remove(Wildcard);
        var added = UpdateWildcard(star, requested.Count > 0) | !names.IsSubsetOf(Names);
        Names = names;
        DropUnwanted();
        UpdateNameCount();
        return added;
    }
}
