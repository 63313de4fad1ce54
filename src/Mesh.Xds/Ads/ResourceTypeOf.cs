using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Ads;

/// <summary>The subscribed resources of one type.</summary>
internal sealed class ResourceTypeOf<T>(ResourceKind<T> kind, ResourceContext context) : ResourceType(kind.TypeUrl, kind.ShortName)
    where T : class
{
    private readonly Dictionary<string, ResourceEntry<T>> _entries = new(StringComparer.Ordinal);

    // Unanswered, and not yet named by a request that was sent on this stream.
    private readonly List<ResourceEntry<T>> _unsent = [];

    // Without watchers, but a server may still think that we want it: were it forgotten before the server hears, and watched
    // again, the server would see no change and never send it again.
    private readonly List<ResourceEntry<T>> _dropped = [];

    public override int Count => _entries.Count - _dropped.Count;

    public override IEnumerable<string> WatchedNames => Watched.Select(e => e.Name);

    public override Dictionary<string, string> KnownVersions =>
        Watched.Where(e => e is { HasValue: true, IsConfirmed: true, Version.Length: > 0 }).ToDictionary(e => e.Name, e => e.Version, StringComparer.Ordinal);

    public override XdsTypeStatus Status =>
        new(TypeUrl, ShortName, Version, Watched.Select(e => e.Status).ToEquatableArray());

    private IEnumerable<ResourceEntry<T>> Watched => _entries.Values.Where(e => e.HasWatchers);

    /// <summary>Adds a watcher; a name that is new makes the type dirty.</summary>
    /// <param name="name">Of the resource.</param>
    /// <param name="watcher">Hears at once what is known.</param>
    /// <param name="sequence">The client's count of subscriptions.</param>
    /// <param name="restore">Whether the cache may answer, because no server does.</param>
    /// <param name="unreachable">The connection's error while there is one.</param>
    public void Subscribe(string name, Subscription<T> watcher, long sequence, bool restore, ResourceError? unreachable)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            entry = new ResourceEntry<T>(name, sequence);
            _entries.Add(name, entry);
            _unsent.Add(entry);
            NamesChanged();
            if (restore)
            {
                Restore(entry);
            }

            if (unreachable is not null)
            {
                entry.Unreachable(unreachable);
            }
        }
        else if (!entry.HasWatchers)
        {
            _dropped.Remove(entry);
            NamesChanged();
        }

        entry.Add(watcher);
    }

    public void Unsubscribe(string name, Subscription<T> watcher, long sequence)
    {
        if (_entries.TryGetValue(name, out var entry) && entry.Remove(watcher) && !entry.HasWatchers)
        {
            entry.DroppedAt = sequence;
            _dropped.Add(entry);
            NamesChanged();
        }
    }

    public override void Forget(long sentSequence)
    {
        foreach (var entry in _dropped)
        {
            if (entry.DroppedAt <= sentSequence)
            {
                _entries.Remove(entry.Name);
            }
        }

        _dropped.RemoveAll(e => e.DroppedAt <= sentSequence);
    }

    public override object? StartWaiting(long sentSequence)
    {
        var deadline = new List<ResourceEntry<T>>();
        foreach (var entry in _unsent)
        {
            if (entry.Sequence <= sentSequence && entry.IsUnanswered)
            {
                entry.Deadline = deadline;
                deadline.Add(entry);
            }
        }

        _unsent.RemoveAll(e => e.Sequence <= sentSequence);
        return deadline.Count == 0 ? null : deadline;
    }

    public override void Expire(object deadline, TimeSpan waited)
    {
        foreach (var entry in (List<ResourceEntry<T>>)deadline)
        {
            // Answered, or no longer asked for: then its silence says nothing.
            if (!ReferenceEquals(entry.Deadline, deadline) || !entry.HasWatchers)
            {
                continue;
            }

            var text = $"the control plane has not answered for {ShortName} \"{entry.Name}\" within {waited.TotalSeconds:0} s";
            if (context.Features.ResourceTimerIsTransientError)
            {
                entry.Fail(new(ResourceErrorKind.Unreachable, text), ResourceStatus.Timeout, drop: false);
            }
            else
            {
                DoesNotExist(entry, text, ResourceErrorKind.NotAnswered);
            }
        }
    }

    public override void StopWaiting()
    {
        foreach (var entry in _entries.Values)
        {
            entry.Deadline = null;
        }
    }

    public override void Unreachable(ResourceError error)
    {
        foreach (var entry in _entries.Values)
        {
            entry.Unreachable(error);
        }
    }

    public override void RestoreFromCache()
    {
        foreach (var entry in _entries.Values)
        {
            Restore(entry);
        }
    }

    public override string? Apply(DiscoveryResponse response)
    {
        var errors = new BoundedText();
        var named = ResponseReader.Read(kind, response, errors, Previous);
        Apply(named, errors);
        ApplyErrors(response.ResourceErrors, named, errors);
        if (kind.FullState)
        {
            DeleteAbsent(named);
        }

        return errors.Count == 0 ? null : errors.ToString();
    }

    public override string? Apply(DeltaDiscoveryResponse response)
    {
        var errors = new BoundedText();
        var named = ResponseReader.Read(kind, response, errors, Previous);
        Apply(named, errors);
        ApplyErrors(response.ResourceErrors, named, errors);
        foreach (var name in response.RemovedResources.Concat(response.RemovedResourceNames.Select(n => n.Name)))
        {
            Remove(name, named, errors);
        }

        return errors.Count == 0 ? null : errors.ToString();
    }

    protected override void RestartWaiting()
    {
        _unsent.Clear();
        _unsent.AddRange(_entries.Values.Where(e => e.IsUnanswered));
    }

    private T? Previous(string name) => _entries.GetValueOrDefault(name)?.Value;

    private void Apply(Dictionary<string, DecodedResource<T>> named, BoundedText errors)
    {
        foreach (var (name, resource) in named)
        {
            // What nobody asked for is ignored, good or bad.
            if (!_entries.TryGetValue(name, out var entry))
            {
                continue;
            }

            if (resource.Value is not null)
            {
                entry.Accept(resource.Value, resource.Version);
                context.Cache?.Store(TypeUrl, name, resource.Version, resource.Bytes.Memory);
                continue;
            }

            var text = BoundedText.Shorten($"{ShortName} \"{name}\": {resource.Error}");
            errors.Add(text);
            entry.Fail(new(ResourceErrorKind.Invalid, text), ResourceStatus.Nacked, context.Features.FailOnDataErrors);
        }
    }

    private void ApplyErrors(
        IEnumerable<Envoy.Service.Discovery.V3.ResourceError> resourceErrors, Dictionary<string, DecodedResource<T>> named, BoundedText errors)
    {
        foreach (var error in resourceErrors)
        {
            ApplyError(error, named, errors);
        }
    }

    /// <summary>Delta: a name that is gone, or never was.</summary>
    private void Remove(string name, Dictionary<string, DecodedResource<T>> named, BoundedText errors)
    {
        if (!_entries.TryGetValue(name, out var entry) || !entry.HasWatchers)
        {
            return;
        }

        if (named.ContainsKey(name))
        {
            errors.Add($"{ShortName} \"{name}\": stands in removed_resources and elsewhere in the same response");
            return;
        }

        DoesNotExist(entry, entry.IsConfirmed ? $"the control plane has deleted {ShortName} \"{name}\"" : $"the control plane knows no {ShortName} \"{name}\"");
    }

    private void ApplyError(Envoy.Service.Discovery.V3.ResourceError error, Dictionary<string, DecodedResource<T>> named, BoundedText errors)
    {
        var name = error.ResourceName?.Name ?? "";
        if (!_entries.TryGetValue(name, out var entry))
        {
            return;
        }

        if (!named.TryAdd(name, new(null, ByteString.Empty, "")))
        {
            errors.Add($"{ShortName} \"{name}\": stands in resource_errors and elsewhere in the same response");
            return;
        }

        var reason = BoundedText.Shorten(error.ErrorDetail?.Message ?? "");
        switch ((GrpcStatusCode)(error.ErrorDetail?.Code ?? 0))
        {
            case GrpcStatusCode.NotFound:
                DoesNotExist(entry, Sentence($"the control plane knows no {ShortName} \"{name}\"", reason));
                break;
            case GrpcStatusCode.PermissionDenied:
                entry.Fail(
                    new(ResourceErrorKind.Invalid, Sentence($"the control plane refuses {ShortName} \"{name}\"", reason)),
                    ResourceStatus.ReceivedError,
                    context.Features.FailOnDataErrors);
                break;
            default:
                entry.Fail(
                    new(ResourceErrorKind.Unreachable, Sentence($"the control plane cannot answer for {ShortName} \"{name}\"", reason)),
                    ResourceStatus.ReceivedError,
                    drop: false);
                break;
        }
    }

    // A resource that this process never received is not deleted by absence: the response may be older than the request.
    private void DeleteAbsent(Dictionary<string, DecodedResource<T>> named)
    {
        foreach (var entry in _entries.Values)
        {
            if (entry.IsConfirmed && entry.HasWatchers && !named.ContainsKey(entry.Name))
            {
                DoesNotExist(entry, $"the control plane has deleted {ShortName} \"{entry.Name}\"");
            }
        }
    }

    private void DoesNotExist(ResourceEntry<T> entry, string text, ResourceErrorKind kind = ResourceErrorKind.DoesNotExist)
    {
        var meant = kind == ResourceErrorKind.DoesNotExist && context.Features.DropDeleted;
        entry.Fail(new(kind, text), ResourceStatus.DoesNotExist, context.Features.FailOnDataErrors || meant);
        context.Cache?.Remove(TypeUrl, entry.Name);
    }

    private void Restore(ResourceEntry<T> entry)
    {
        if (entry.HasValue || !entry.IsUnanswered || context.Cache?.Find(TypeUrl, entry.Name) is not { } stored)
        {
            return;
        }

        var result = ResponseReader.Decode(kind, ByteString.CopyFrom(stored.Bytes.Span));
        if (result.Value is { } value && result.Name == entry.Name)
        {
            entry.Restore(value, stored.Version);
            AdsLog.Restored(context.Logger, ShortName, entry.Name, stored.Version);
            return;
        }

        context.Cache.Remove(TypeUrl, entry.Name);
        AdsLog.StoredInvalid(context.Logger, ShortName, entry.Name, BoundedText.Shorten(string.Join("; ", result.Errors)));
    }

    private static string Sentence(string what, string reason) => reason.Length == 0 ? what : $"{what}: {reason}";
}
