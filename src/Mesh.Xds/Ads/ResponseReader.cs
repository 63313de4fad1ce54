using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// Takes a response apart, past every error: named resources, valid or not, and errors that belong to no name. Never throws,
/// whatever a server sends.
/// </summary>
internal static class ResponseReader
{
    // Of a duration, in seconds: ten thousand years.
    private const long LongestLife = 315_576_000_000;

    private const string WrapperType = "type.googleapis.com/envoy.service.discovery.v3.Resource";

    public static Dictionary<string, DecodedResource<T>> Read<T>(
        ResourceKind<T> kind, DiscoveryResponse response, BoundedText namelessErrors, Func<string, T?>? previous = null)
        where T : class
    {
        var named = new Dictionary<string, DecodedResource<T>>(response.Resources.Count, StringComparer.Ordinal);
        for (var i = 0; i < response.Resources.Count; i++)
        {
            var (name, resource) = ReadOne(kind, response.Resources[i], previous);
            Add(named, i, name, resource with { Version = response.VersionInfo }, namelessErrors);
        }

        return named;
    }

    public static Dictionary<string, DecodedResource<T>> Read<T>(
        ResourceKind<T> kind, DeltaDiscoveryResponse response, BoundedText namelessErrors, Func<string, T?>? previous = null)
        where T : class
    {
        var named = new Dictionary<string, DecodedResource<T>>(response.Resources.Count, StringComparer.Ordinal);
        for (var i = 0; i < response.Resources.Count; i++)
        {
            var wrapper = response.Resources[i];
            var (name, resource) = ReadWrapper(kind, wrapper, previous);
            if (resource.Value is not null && XdsName.Normalize(name!) != XdsName.Normalize(wrapper.Name))
            {
                // By the outer name it will be removed.
                (name, resource) = (wrapper.Name, Invalid<T>($"is called \"{name}\" inside"));
            }

            Add(named, i, wrapper.Name.Length > 0 ? wrapper.Name : name, resource with { Version = wrapper.Version }, namelessErrors);
        }

        return named;
    }

    private static void Add<T>(
        Dictionary<string, DecodedResource<T>> named, int index, string? name, DecodedResource<T> resource, BoundedText namelessErrors)
        where T : class
    {
        if (string.IsNullOrEmpty(name))
        {
            namelessErrors.Add($"resources[{index}]: {(resource.Value is null ? resource.Error : "has no name")}");
        }
        else if (XdsName.Normalize(name) is var key && !named.TryAdd(key, resource))
        {
            named[key] = Invalid<T>("appears more than once in the response");
        }
    }

    private static (string? Name, DecodedResource<T> Resource) ReadOne<T>(ResourceKind<T> kind, Any any, Func<string, T?>? previous)
        where T : class
    {
        if (any.TypeUrl != WrapperType)
        {
            return ReadPayload(kind, any, null, previous);
        }

        var context = new DecodeContext();
        return WireReader.Read(any.Value, Resource.Parser, context) is { } wrapper
            ? ReadWrapper(kind, wrapper, previous)
            : (null, Invalid<T>($"not a readable resource wrapper: {string.Join("; ", context.Errors)}"));
    }

    private static (string? Name, DecodedResource<T> Resource) ReadWrapper<T>(ResourceKind<T> kind, Resource wrapper, Func<string, T?>? previous)
        where T : class
    {
        TimeSpan? life = null;
        if (wrapper.Ttl is { } ttl)
        {
            // Nothing lives for no time, and a number of nanoseconds that no duration has would be a guess.
            if (ttl.Seconds is < 0 or > LongestLife || ttl.Nanos is < 0 or > 999_999_999 || ttl is { Seconds: 0, Nanos: < 1_000_000 })
            {
                return (wrapper.Name, Invalid<T>("ttl: must be a duration of 1 ms or more"));
            }

            life = ttl.ToTimeSpan();
            if (wrapper.Resource_ is null)
            {
                return (wrapper.Name, new(null, ByteString.Empty, "") { IsHeartbeat = true, TimeToLive = life });
            }
        }

        var (name, resource) = ReadPayload(kind, wrapper.Resource_ ?? new Any(), wrapper.Name, previous);
        return (name, resource with { TimeToLive = life });
    }

    private static (string? Name, DecodedResource<T> Resource) ReadPayload<T>(
        ResourceKind<T> kind, Any any, string? wrapperName, Func<string, T?>? previous)
        where T : class
    {
        if (any.TypeUrl != kind.TypeUrl)
        {
            return (wrapperName, Invalid<T>($"is a \"{any.TypeUrl}\", not a \"{kind.TypeUrl}\""));
        }

        var result = Decode(kind, any.Value, previous);
        return result.Value is { } value
            ? (result.Name, new(value, any.Value, ""))
            : (result.Name ?? wrapperName, Invalid<T>(string.Join("; ", result.Errors)) with { Bytes = any.Value });
    }

    /// <summary>As the kind's own decoder, which should not throw; if it does, one resource is bad and not the stream.</summary>
    public static DecodeResult<T> Decode<T>(ResourceKind<T> kind, ByteString bytes, Func<string, T?>? previous = null)
        where T : class
    {
        try
        {
            return previous is not null && kind.DecodeUpdate is { } update ? update(bytes, previous) : kind.Decode(bytes);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return DecodeResult<T>.Failed(null, [$"cannot be decoded: {e.Message}"]);
        }
    }

    private static DecodedResource<T> Invalid<T>(string error)
        where T : class => new(null, ByteString.Empty, BoundedText.Shorten(error));
}
