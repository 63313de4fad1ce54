using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>A named resource of a response: valid with its raw bytes, or with the reason why not.</summary>
internal readonly record struct DecodedResource<T>(T? Value, ByteString Bytes, string Error)
    where T : class
{
    /// <summary>Of the resource, or of the whole response in state of the world.</summary>
    public string Version { get; init; } = "";

    /// <summary>How long it lives without being sent again; null: until it is removed.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>There is no body: what is known lives on for <see cref="TimeToLive"/>.</summary>
    public bool IsHeartbeat { get; init; }
}
