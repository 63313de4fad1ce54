using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>The subscribed resources of one type.</summary>
internal sealed class ResourceTypeOf<T>(ResourceKind<T> kind, ResourceContext context) : ResourceType(kind.TypeUrl, kind.ShortName)
    where T : class
{
    private readonly ResourceOutcomes<T> _outcomes = new(kind, context);
    private readonly Dictionary<string, ResourceEntryOf<T>> _entries = new(StringComparer.Ordinal);

    // Without watchers, but a server may still think that we want it: were it forgotten before the server hears, and watched
    // again, the server would see no change and never send it again.
    private readonly List<ResourceEntryOf<T>> _dropped = [];

    public override IEnumerable<ResourceEntry> Entries => _entries.Values;

    /// <summary>Adds a watcher, which hears at once what is known.</summary>
    /// <param name="name">Of the resource.</param>
    /// <param name="authority">Whose servers know it.</param>
    /// <param name="watcher">Wants to know.</param>
    /// <param name="sequence">The client's count of subscriptions.</param>
    public void Subscribe(XdsName name, AdsAuthority authority, Subscription<T> watcher, long sequence)
    {
        if (!_entries.TryGetValue(name.Text, out var entry))
        {
            entry = new ResourceEntryOf<T>(name.Text, authority, sequence);
            _entries.Add(name.Text, entry);
            _outcomes.Begin(entry);
            if (authority.Describe(name) is { } problem)
            {
                _outcomes.Unaskable(entry, problem);
            }
            else
            {
                Begin(entry);
            }
        }
        else if (!entry.HasWatchers)
        {
            _dropped.Remove(entry);
            entry.Authority.NamesChanged(this);
        }

        entry.Add(watcher);
    }

    public void Unsubscribe(XdsName name, Subscription<T> watcher, long sequence)
    {
        if (_entries.TryGetValue(name.Text, out var entry) && entry.Remove(watcher) && !entry.HasWatchers)
        {
            entry.DroppedAt = sequence;
            _dropped.Add(entry);
            entry.Authority.NamesChanged(this);
            Forget();
        }
    }

    public override void Forget()
    {
        if (_dropped.Count == 0)
        {
            return;
        }

        _dropped.RemoveAll(entry =>
        {
            var isTold = entry.Authority.HasTold(this, entry.DroppedAt);
            if (isTold)
            {
                _outcomes.End(entry);
                _entries.Remove(entry.Name);
            }

            return isTold;
        });
    }

    public override void Expire(IReadOnlyList<ResourceEntry> silent, TimeSpan waited, XdsServerFeatures features)
    {
        foreach (var entry in silent.Cast<ResourceEntryOf<T>>())
        {
            // Answered, or no longer asked for: then its silence says nothing.
            if (ReferenceEquals(entry.Deadline, silent) && entry.HasWatchers)
            {
                _outcomes.Silence(entry, waited, features);
            }
        }
    }

    public override void RestoreFromCache(AdsAuthority authority)
    {
        foreach (var entry in WatchedOf(authority))
        {
            _outcomes.Restore((ResourceEntryOf<T>)entry);
        }
    }

    public override string? Apply(DiscoveryResponse response, ChannelType from)
    {
        var errors = new BoundedText();
        var named = ResponseReader.Read(kind, response, errors, Previous);
        Apply(named, errors, from);
        ApplyErrors(response.ResourceErrors, named, errors, from);
        if (kind.FullState)
        {
            DeleteAbsent(named, from);
        }

        return errors.Count == 0 ? null : errors.ToString();
    }

    public override string? Apply(DeltaDiscoveryResponse response, ChannelType from)
    {
        var errors = new BoundedText();
        var named = ResponseReader.Read(kind, response, errors, Previous);
        Apply(named, errors, from);
        ApplyErrors(response.ResourceErrors, named, errors, from);
        foreach (var name in response.RemovedResources.Concat(response.RemovedResourceNames.Select(n => n.Name)))
        {
            Remove(XdsName.Normalize(name), named, errors, from);
        }

        return errors.Count == 0 ? null : errors.ToString();
    }

    private void Begin(ResourceEntryOf<T> entry)
    {
        entry.Authority.Subscribed(this, entry);
        if (entry.Authority.ServesFromCache)
        {
            _outcomes.Restore(entry);
        }

        if (entry.Authority.Unreachable is { } unreachable)
        {
            entry.Unreachable(unreachable);
        }
    }

    private T? Previous(string name) => _entries.GetValueOrDefault(XdsName.Normalize(name))?.Value;

    /// <summary>The entry, if it is this server's to speak of it: one that its authority has left, or only tries to return to, has no say.</summary>
    private ResourceEntryOf<T>? Find(string name, ChannelType from) =>
        _entries.TryGetValue(name, out var entry) && entry.Authority.Active == from.Channel ? entry : null;

    private void Apply(Dictionary<string, DecodedResource<T>> named, BoundedText errors, ChannelType from)
    {
        CountReceived(named, errors.Count, from);
        foreach (var (name, resource) in named)
        {
            // What nobody asked for is ignored, good or bad.
            if (Find(name, from) is not { } entry)
            {
                continue;
            }

            if (resource.IsHeartbeat)
            {
                entry.Renew(resource.TimeToLive!.Value);
            }
            else if (resource.Value is not null)
            {
                _outcomes.Accept(entry, resource, from.Channel.Transport);
            }
            else
            {
                var text = BoundedText.Shorten($"{ShortName} \"{name}\": {resource.Error}");
                errors.Add(text);
                _outcomes.Refuse(entry, resource, text, from.Channel.Features);
            }
        }
    }

    private void ApplyErrors(
        IEnumerable<Envoy.Service.Discovery.V3.ResourceError> resourceErrors, Dictionary<string, DecodedResource<T>> named, BoundedText errors, ChannelType from)
    {
        foreach (var error in resourceErrors)
        {
            ApplyError(error, named, errors, from);
        }
    }

    /// <summary>Delta: a name that is gone, or never was.</summary>
    private void Remove(string name, Dictionary<string, DecodedResource<T>> named, BoundedText errors, ChannelType from)
    {
        if (Find(name, from) is not { HasWatchers: true } entry)
        {
            return;
        }

        if (named.ContainsKey(name))
        {
            errors.Add($"{ShortName} \"{name}\": stands in removed_resources and elsewhere in the same response");
            return;
        }

        var text = entry.IsConfirmed ? $"the control plane has deleted {ShortName} \"{name}\"" : $"the control plane knows no {ShortName} \"{name}\"";
        _outcomes.DoesNotExist(entry, text, from.Channel.Features);
    }

    private void ApplyError(
        Envoy.Service.Discovery.V3.ResourceError error, Dictionary<string, DecodedResource<T>> named, BoundedText errors, ChannelType from)
    {
        var name = XdsName.Normalize(error.ResourceName?.Name ?? "");
        if (Find(name, from) is not { } entry)
        {
            return;
        }

        if (!named.TryAdd(name, new(null, ByteString.Empty, "")))
        {
            errors.Add($"{ShortName} \"{name}\": stands in resource_errors and elsewhere in the same response");
            return;
        }

        _outcomes.Answer(entry, error.ErrorDetail, from.Channel.Features);
    }

    // A resource that this process never received is not deleted by absence: the response may be older than the request.
    private void DeleteAbsent(Dictionary<string, DecodedResource<T>> named, ChannelType from)
    {
        foreach (var entry in _entries.Values)
        {
            if (entry.IsConfirmed && entry.HasWatchers && entry.Authority.Active == from.Channel && !named.ContainsKey(entry.Name)
                && from.WasAskedFor(entry.Authority))
            {
                _outcomes.DoesNotExist(entry, $"the control plane has deleted {ShortName} \"{entry.Name}\"", from.Channel.Features);
            }
        }
    }

    private void CountReceived(Dictionary<string, DecodedResource<T>> named, int nameless, ChannelType from)
    {
        var (valid, invalid) = (0, nameless);
        foreach (var resource in named.Values)
        {
            valid += resource.Value is null ? 0 : 1;
            invalid += resource.Value is null && !resource.IsHeartbeat ? 1 : 0;
        }

        ClientMetrics.Received(from.Channel.Name, TypeUrl, valid, invalid);
    }
}
