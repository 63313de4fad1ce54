using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>A subscribed resource: its value, what is wrong with it, and who wants to know. Belongs to the event loop.</summary>
internal sealed class ResourceEntryOf<T>(string name, AdsAuthority authority, long sequence) : ResourceEntry(name, authority, sequence)
    where T : class
{
    private readonly List<Subscription<T>> _watchers = [];

    private ResourceLease? _lease;
    private T? _value;
    private ResourceError? _error;
    private ResourceStatus _status = ResourceStatus.Requested;
    private DateTimeOffset? _updatedAt;
    private ByteString? _contents;
    private XdsRejection? _rejection;

    public T? Value => _value;

    public override bool HasWatchers => _watchers.Count > 0;

    public override bool HasValue => _value is not null;

    public override bool IsUnanswered => !IsConfirmed && _error is null or { Kind: ResourceErrorKind.Unreachable };

    public override XdsResourceStatus Status => new(Name, _status, Version, HasValue, HasValue && !IsConfirmed, _error)
    {
        UpdatedAt = _updatedAt,
        Contents = _contents,
        Rejection = _rejection,
    };

    public override string CacheState => _status switch
    {
        ResourceStatus.Requested => "requested",
        ResourceStatus.Acked => "acked",
        ResourceStatus.Timeout => "timeout",
        ResourceStatus.Nacked => HasValue ? "nacked_but_cached" : "nacked",
        ResourceStatus.ReceivedError => HasValue ? "received_error_but_cached" : "received_error",
        _ => HasValue ? "does_not_exist_but_cached" : "does_not_exist",
    };

    public void Add(Subscription<T> watcher)
    {
        _watchers.Add(watcher);
        if (_value is not null)
        {
            watcher.Changed(_value);
            if (_error is not null)
            {
                watcher.AmbientError(_error);
            }
        }
        else if (_error is not null)
        {
            watcher.Missing(_error);
        }
    }

    public bool Remove(Subscription<T> watcher) => _watchers.Remove(watcher);

    /// <summary>A server sent a valid value. Watchers hear of it if it differs, or if it ends an error.</summary>
    /// <param name="value">The resource.</param>
    /// <param name="version">Of it.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="lease">Ends it when nobody renews it; null: it lives until it is removed.</param>
    public void Accept(T value, string version, IAdsTransport source, ResourceLease? lease)
    {
        _rejection = null;
        Deadline = null;
        Source = source;
        _status = ResourceStatus.Acked;
        _lease?.Dispose();
        _lease = lease;
        Set(value, version);
    }

    /// <summary>For who asks: when the value came, and as what.</summary>
    public void Note(DateTimeOffset at, ByteString? contents) => (_updatedAt, _contents) = (at, contents);

    /// <summary>For who asks: what was refused last.</summary>
    public void Note(XdsRejection rejection) => _rejection = rejection;

    /// <summary>A heartbeat: the value in force lives on.</summary>
    public void Renew(TimeSpan timeToLive) => _lease?.Renew(timeToLive);

    /// <summary>Takes the last-known-good value until a server says otherwise.</summary>
    public void Restore(T value, string version) => Set(value, version);

    /// <summary>
    /// A data error (gRFC A88): the value stays in force with an ambient error, unless <paramref name="drop"/> says otherwise.
    /// A value from the cache has no such claim once a live server says that there is none.
    /// </summary>
    public void Fail(ResourceError error, ResourceStatus status, bool drop)
    {
        Deadline = null;
        _status = status;
        if (drop || (!IsConfirmed && error.Kind is ResourceErrorKind.DoesNotExist or ResourceErrorKind.NotAnswered))
        {
            Source = null;
            Version = "";
            _updatedAt = null;
            _contents = null;
            EndLease();
            if (_value is not null)
            {
                _value = null;
                _error = null;
            }
        }

        Report(error);
    }

    public override void Unreachable(ResourceError error)
    {
        if (HasValue || IsUnanswered)
        {
            Report(error);
        }
    }

    /// <summary>Nobody wants it any more: nothing shall run for it.</summary>
    public void EndLease()
    {
        _lease?.Dispose();
        _lease = null;
    }

    private void Set(T value, string version)
    {
        var wakes = _error is not null || _value is null || !_value.Equals(value);
        Version = version;
        _value = value;
        _error = null;
        if (wakes)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Changed(value);
            }
        }
    }

    private void Report(ResourceError error)
    {
        if (error == _error)
        {
            return;
        }

        _error = error;
        foreach (var watcher in _watchers)
        {
            if (_value is null)
            {
                watcher.Missing(error);
            }
            else
            {
                watcher.AmbientError(error);
            }
        }
    }
}
