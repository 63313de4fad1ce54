using Google.Protobuf;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// What becomes of a resource when its server has said something of it, or nothing: the entry, the last-known-good cache and the metrics
/// together (gRFCs A57, A78, A88).
/// </summary>
internal sealed class ResourceOutcomes<T>(ResourceKind<T> kind, ResourceContext context)
    where T : class
{
    /// <summary>It is watched from now on.</summary>
    public void Begin(ResourceEntryOf<T> entry) => Count(entry);

    /// <summary>It is forgotten.</summary>
    public void End(ResourceEntryOf<T> entry)
    {
        entry.EndLease();
        context.Metrics.Moved(entry.Authority.Name, kind.TypeUrl, entry.CountedAs, null);
    }

    /// <summary>Nobody can be asked for it.</summary>
    public void Unaskable(ResourceEntryOf<T> entry, string problem) =>
        Fail(entry, new(ResourceErrorKind.Invalid, $"{kind.ShortName} \"{entry.Name}\" {problem}"), ResourceStatus.DoesNotExist, drop: true);

    /// <summary>A valid update.</summary>
    public void Accept(ResourceEntryOf<T> entry, DecodedResource<T> resource, IAdsTransport source)
    {
        var lease = resource.TimeToLive is { } life ? new ResourceLease(context, life, () => Expire(entry, life)) : null;
        entry.Note(context.Time.GetUtcNow(), context.KeepContents ? resource.Bytes : null);
        entry.Accept(resource.Value!, resource.Version, source, lease);
        Count(entry);
        if (lease is null)
        {
            context.Cache?.Store(kind.TypeUrl, entry.Name, resource.Version, resource.Bytes.Memory);
        }
        else
        {
            // What is meant to end must not come back with the next process.
            context.Cache?.Remove(kind.TypeUrl, entry.Name);
        }
    }

    /// <summary>An update that is not valid.</summary>
    public void Refuse(ResourceEntryOf<T> entry, DecodedResource<T> resource, string text, XdsServerFeatures features)
    {
        entry.Note(new XdsRejection(resource.Version, context.Time.GetUtcNow(), text, context.KeepContents ? resource.Bytes : null));
        Fail(entry, new(ResourceErrorKind.Invalid, text), ResourceStatus.Nacked, features.FailOnDataErrors);
    }

    /// <summary>There is none, or none any more.</summary>
    public void DoesNotExist(ResourceEntryOf<T> entry, string text, XdsServerFeatures features) =>
        DoesNotExist(entry, new ResourceError(ResourceErrorKind.DoesNotExist, text), features.FailOnDataErrors || features.DropDeleted);

    /// <summary>The server answered with an error for it (xDS proposal TP3).</summary>
    public void Answer(ResourceEntryOf<T> entry, Google.Rpc.Status? status, XdsServerFeatures features)
    {
        var reason = BoundedText.Shorten(status?.Message ?? "");
        switch ((GrpcStatusCode)(status?.Code ?? 0))
        {
            case GrpcStatusCode.NotFound:
                DoesNotExist(entry, Sentence("knows no", entry, reason), features);
                break;
            case GrpcStatusCode.PermissionDenied:
                Fail(entry, new(ResourceErrorKind.Invalid, Sentence("refuses", entry, reason)), ResourceStatus.ReceivedError, features.FailOnDataErrors);
                break;
            default:
                Fail(entry, new(ResourceErrorKind.Unreachable, Sentence("cannot answer for", entry, reason)), ResourceStatus.ReceivedError, drop: false);
                break;
        }
    }

    /// <summary>The server was silent about it for so long.</summary>
    public void Silence(ResourceEntryOf<T> entry, TimeSpan waited, XdsServerFeatures features)
    {
        var text = $"the control plane has not answered for {kind.ShortName} \"{entry.Name}\" within {waited.TotalSeconds:0} s";
        if (features.ResourceTimerIsTransientError)
        {
            Fail(entry, new(ResourceErrorKind.Unreachable, text), ResourceStatus.Timeout, drop: false);
        }
        else
        {
            DoesNotExist(entry, new ResourceError(ResourceErrorKind.NotAnswered, text), features.FailOnDataErrors);
        }
    }

    /// <summary>Takes what the last process knew, if it is still worth something.</summary>
    public void Restore(ResourceEntryOf<T> entry)
    {
        if (entry.HasValue || !entry.IsUnanswered || context.Cache?.Find(kind.TypeUrl, entry.Name) is not { } stored)
        {
            return;
        }

        var result = ResponseReader.Decode(kind, ByteString.CopyFrom(stored.Bytes.Span));
        if (result is { Value: { } value, Name: { } name } && XdsName.Normalize(name) == entry.Name)
        {
            entry.Restore(value, stored.Version);
            AdsLog.Restored(context.Logger, kind.ShortName, entry.Name, stored.Version);
            return;
        }

        context.Cache.Remove(kind.TypeUrl, entry.Name);
        AdsLog.StoredInvalid(context.Logger, kind.ShortName, entry.Name, BoundedText.Shorten(string.Join("; ", result.Errors)));
    }

    private void Expire(ResourceEntryOf<T> entry, TimeSpan life)
    {
        var text = $"{kind.ShortName} \"{entry.Name}\" has lived for the {life.TotalSeconds:0.###} s that the control plane gave it, and was not renewed";
        AdsLog.Expired(context.Logger, kind.ShortName, entry.Name, life.TotalSeconds);
        Fail(entry, new(ResourceErrorKind.DoesNotExist, text), ResourceStatus.DoesNotExist, drop: true);
    }

    private void DoesNotExist(ResourceEntryOf<T> entry, ResourceError error, bool drop)
    {
        Fail(entry, error, ResourceStatus.DoesNotExist, drop);
        context.Cache?.Remove(kind.TypeUrl, entry.Name);
    }

    private void Fail(ResourceEntryOf<T> entry, ResourceError error, ResourceStatus status, bool drop)
    {
        entry.Fail(error, status, drop);
        Count(entry);
    }

    private void Count(ResourceEntryOf<T> entry)
    {
        var state = entry.CacheState;
        context.Metrics.Moved(entry.Authority.Name, kind.TypeUrl, entry.CountedAs, state);
        entry.CountedAs = state;
    }

    private string Sentence(string verb, ResourceEntryOf<T> entry, string reason)
    {
        var what = $"the control plane {verb} {kind.ShortName} \"{entry.Name}\"";
        return reason.Length == 0 ? what : $"{what}: {reason}";
    }
}
