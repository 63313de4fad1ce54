using Envoy.Service.Discovery.V3;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Grpc;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// Delta: requests and responses hold what changes, each resource has a version of its own, and what is gone is said
/// (xDS protocol, "Incremental xDS"). A response may be answered while the next one is under way, so nothing is stale.
/// </summary>
internal sealed class DeltaSubscription(string typeUrl, bool allByDefault)
    : SubscriptionOf<DeltaDiscoveryRequest>(typeUrl, allByDefault)
{
    /// <summary>Must be said even if the client seems to know: it has just asked, or its clusters wait for it.</summary>
    private HashSet<string> _owed = new(StringComparer.Ordinal);

    /// <summary>Of an earlier stream, not asked for on this one.</summary>
    private readonly HashSet<string> _orphans = new(StringComparer.Ordinal);

    private readonly DeltaAcknowledgements _acknowledgements = new();
    private bool _starred;
    private bool _begun;
    private bool _answerOwed;

    protected override IEnumerable<string> Doubtful => _orphans;

    protected override IEnumerable<string> Debts => _owed;

    protected override bool HasDebts => _answerOwed || _owed.Count > 0;

    protected override bool MustBeWhole => _answerOwed || _orphans.Count > 0 || !_owed.IsSubsetOf(Names);

    public override bool Apply(DeltaDiscoveryRequest request)
    {
        if (request.ResponseNonce.Length > 0)
        {
            Update(status => _acknowledgements.Take(status, request));
        }

        var first = !_begun;
        _begun = true;
        if (!first && request.ResourceNamesSubscribe.Count + request.ResourceNamesUnsubscribe.Count == 0)
        {
            // Nothing but an answer.
            return _answerOwed || _owed.Count > 0;
        }

        Unsubscribe(request);
        Subscribe(request, first);
        var all = UpdateWildcard(_starred, request.ResourceNamesSubscribe.Count > 0);
        if (first)
        {
            // What it has of before counts only at the beginning of a stream.
            Claim(request);
        }

        DropUnwanted();
        UpdateNameCount();
        _answerOwed |= all || (first && !IsEmpty) || _owed.Count > 0 || _orphans.Count > 0;
        return _answerOwed;
    }

    public override bool Differs(SubscriptionContent content) =>
        _answerOwed || _owed.Count > 0 || content.Resources.Any(entry => IsNews(entry.Key, entry.Value)) || Removed(content).Any();

    public override void Repeat(IReadOnlyCollection<string> names) => _owed.UnionWith(names.Where(Sent.ContainsKey));

    public override EncodedMessage Send(SubscriptionContent content, string version, string nonce, bool answers)
    {
        var changed = content.Resources.Where(entry => IsNews(entry.Key, entry.Value)).Select(entry => entry.Value).ToList();
        var removed = Removed(content).Distinct(StringComparer.Ordinal).ToList();
        var response = DiscoveryResponses.CreateDelta(TypeUrl, version, nonce, changed, removed);
        Sent.EnsureCapacity(changed.Count);
        foreach (var resource in changed)
        {
            Sent[resource.Name] = resource;
        }

        removed.ForEach(name => Sent.Remove(name));
        NoteMissing(content);

        // Not cleared: a first answer may hold thousands, and their room would stay.
        _owed = _owed.Count == 0 ? _owed : new HashSet<string>(StringComparer.Ordinal);
        _orphans.Clear();
        _answerOwed = false;
        _acknowledgements.Sent(nonce, version, [.. changed.Select(r => r.Name)], removed);
        Update(s => s with { SentVersion = version, SentNonce = nonce });
        return response;
    }

    private void Subscribe(DeltaDiscoveryRequest request, bool first)
    {
        foreach (var name in request.ResourceNamesSubscribe)
        {
            if (name == Wildcard)
            {
                _starred = true;
                continue;
            }

            AddName(name);
            if (!first || !request.InitialResourceVersions.ContainsKey(name))
            {
                _owed.Add(name);
            }
        }
    }

    private void Unsubscribe(DeltaDiscoveryRequest request)
    {
        foreach (var name in request.ResourceNamesUnsubscribe)
        {
            if (name == Wildcard)
            {
                _starred = false;
            }
            else if (Names.Remove(name) && AllNames)
            {
                // It may still be among all that there is: only an answer tells the client.
                _owed.Add(name);
            }
        }
    }

    private void Claim(DeltaDiscoveryRequest request)
    {
        foreach (var (name, version) in request.InitialResourceVersions)
        {
            if (AllNames || Names.Contains(name))
            {
                Sent[name] = TranslatedResource.Claimed(name, version);
            }
            else
            {
                _orphans.Add(name);
            }
        }
    }

    /// <summary>What a client claims to have can only be compared: there is nothing to send.</summary>
    private bool IsNews(string name, TranslatedResource resource) =>
        !resource.IsClaimed && (_owed.Contains(name) || !Sent.TryGetValue(name, out var last) || !last.IsSameAs(resource));

    private IEnumerable<string> Removed(SubscriptionContent content)
    {
        foreach (var name in content.IsPartial ? content.Missing.Where(Sent.ContainsKey) : Sent.Keys.Where(n => !content.Resources.ContainsKey(n)))
        {
            yield return name;
        }

        foreach (var name in content.Missing)
        {
            if (!ReportedMissing.Contains(name) || _owed.Contains(name))
            {
                yield return name;
            }
        }

        foreach (var name in _owed)
        {
            if (!Names.Contains(name) && !content.Resources.ContainsKey(name))
            {
                yield return name;
            }
        }
    }
}
