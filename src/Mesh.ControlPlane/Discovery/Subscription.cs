using System.Diagnostics.CodeAnalysis;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// What one stream wants of one type, and what it was told: names, nonce and versions (xDS protocol, state of the world).
/// Used by one request at a time; <see cref="Status"/> may be read by anyone.
/// </summary>
internal sealed class Subscription(string typeUrl, bool fullState)
{
    private const string Wildcard = "*";

    private HashSet<string> _names = [];
    private HashSet<string> _reportedMissing = [];
    private Dictionary<string, ByteString> _sent = [];
    private bool _wildcard;
    private bool _everNamed;
    private volatile SubscriptionStatus _status = new(typeUrl, 0, Wildcard: false, SentVersion: null, AckedVersion: null, NackError: null);
    private string? _nonce;

    public string TypeUrl => typeUrl;

    public SubscriptionStatus Status => _status;

    public bool IsEmpty => _names.Count == 0 && !_wildcard;

    /// <summary>Takes a request in; true when it asks for an answer.</summary>
    public bool Apply(DiscoveryRequest request)
    {
        var answersUs = _nonce is not null && request.ResponseNonce.Length > 0;
        if (answersUs && request.ResponseNonce != _nonce)
        {
            // It crossed a newer response; the client repeats its wishes when it has read that one.
            return false;
        }

        if (answersUs)
        {
            _status = request.ErrorDetail is { } error
                ? _status with { NackError = error.Message }
                : _status with { AckedVersion = _status.SentVersion, NackError = null };
        }

        return TakeNames(request.ResourceNames) || (!answersUs && !IsEmpty);
    }

    /// <summary>What the client should know now. What vanished can be kept for the while that other types still refer to it.</summary>
    public SubscriptionContent Resolve(IResourceView view, bool keepVanished)
    {
        var resources = new Dictionary<string, ByteString>(_names.Count);
        var missing = new HashSet<string>();
        var keptVanished = false;
        List<KeyValuePair<string, Exception>>? failures = null;
        foreach (var name in _wildcard ? _names.Union(view.AllNames(typeUrl)) : _names)
        {
            if (TryFind(view, name, out var bytes, ref failures))
            {
                resources[name] = bytes;
            }
            else if (keepVanished && _sent.TryGetValue(name, out var last))
            {
                resources[name] = last;
                keptVanished = true;
            }
            else if (failures is null || failures[^1].Key != name)
            {
                missing.Add(name);
            }
        }

        if (keepVanished && _wildcard)
        {
            foreach (var (name, last) in _sent)
            {
                keptVanished |= resources.TryAdd(name, last);
            }
        }

        return new SubscriptionContent(resources, missing, keptVanished, failures ?? []);
    }

    public bool Differs(SubscriptionContent content) =>
        !content.Missing.IsSubsetOf(_reportedMissing) || content.Resources.Count != _sent.Count || AnyChanged(content, whenNew: true);

    /// <summary>Whether a resource that the client has gets another value.</summary>
    public bool Replaces(SubscriptionContent content) => AnyChanged(content, whenNew: false);

    /// <summary>Makes the response and remembers it as sent. A name that does not exist is told once (xDS TP3).</summary>
    public DiscoveryResponse Send(SubscriptionContent content, string version, string nonce)
    {
        var response = DiscoveryResponses.Create(typeUrl, version, nonce, content.Resources.Values, content.Missing.Except(_reportedMissing));
        _sent = content.Resources;
        _reportedMissing = content.Missing;
        _nonce = nonce;
        _status = _status with { SentVersion = version };
        return response;
    }

    /// <summary>When the translation of one resource fails, the client keeps what it has of it, and hears of all others.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "One resource that cannot be made must not end every stream that asks for it.")]
    private bool TryFind(
        IResourceView view, string name, [NotNullWhen(true)] out ByteString? bytes, ref List<KeyValuePair<string, Exception>>? failures)
    {
        try
        {
            bytes = view.Find(typeUrl, name)?.Bytes;
        }
        catch (Exception e)
        {
            (failures ??= []).Add(new(name, e));
            _sent.TryGetValue(name, out bytes);
        }

        return bytes is not null;
    }

    private bool AnyChanged(SubscriptionContent content, bool whenNew)
    {
        foreach (var (name, bytes) in content.Resources)
        {
            if (_sent.TryGetValue(name, out var last) ? !(ReferenceEquals(last, bytes) || last.Equals(bytes)) : whenNew)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when something was added. Fewer names need no answer: the client drops the rest by itself.</summary>
    private bool TakeNames(RepeatedField<string> requested)
    {
        var names = new HashSet<string>(requested);
        var explicitWildcard = names.Remove(Wildcard);
        _everNamed |= requested.Count > 0;

        // An empty list means everything only for LDS and CDS, and only until names were sent for the first time.
        var wildcard = explicitWildcard || (fullState && !_everNamed);
        var added = (wildcard && !_wildcard) || !names.IsSubsetOf(_names);
        _names = names;
        _wildcard = wildcard;
        if (!wildcard)
        {
            _reportedMissing.IntersectWith(names);
            if (_sent.Keys.Any(name => !names.Contains(name)))
            {
                _sent = _sent.Where(entry => names.Contains(entry.Key)).ToDictionary();
            }
        }

        _status = _status with { Names = names.Count, Wildcard = wildcard };
        return added;
    }
}
