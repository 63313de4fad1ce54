namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// A subscribed resource: its value, what is wrong with it, and who wants to know. Belongs to the event loop.
/// </summary>
internal sealed class ResourceEntry<T>(string name, long sequence)
    where T : class
{
    private readonly List<Subscription<T>> _watchers = [];

    private T? _value;
    private ResourceError? _error;
    private string _version = "";
    private ResourceStatus _status = ResourceStatus.Requested;

    public string Name { get; } = name;

    /// <summary>When it was subscribed, in the client's count; tells whether a request that was sent named it.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The deadline for the server's answer on this stream, if one runs.</summary>
    public object? Deadline { get; set; }

    /// <summary>When its last watcher left, in the client's count.</summary>
    public long DroppedAt { get; set; }

    public bool HasWatchers => _watchers.Count > 0;

    public T? Value => _value;

    public bool HasValue => _value is not null;

    /// <summary>Of the value in force; empty when there is none.</summary>
    public string Version => _version;

    /// <summary>The value came from a server in this process's life, not from the last-known-good cache.</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>No server has said anything about it yet.</summary>
    public bool IsUnanswered => !IsConfirmed && _error is null or { Kind: ResourceErrorKind.Unreachable };

    public XdsResourceStatus Status => new(Name, _status, _version, HasValue, HasValue && !IsConfirmed, _error);

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
    public void Accept(T value, string version)
    {
        Deadline = null;
        IsConfirmed = true;
        _status = ResourceStatus.Acked;
        Set(value, version);
    }

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
            IsConfirmed = false;
            _version = "";
            if (_value is not null)
            {
                _value = null;
                _error = null;
            }
        }

        Report(error);
    }

    /// <summary>No server can be reached. What a server has said before (also "there is none") stays.</summary>
    public void Unreachable(ResourceError error)
    {
        if (HasValue || IsUnanswered)
        {
            Report(error);
        }
    }

    private void Set(T value, string version)
    {
        var wakes = _error is not null || _value is null || !_value.Equals(value);
        _version = version;
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
