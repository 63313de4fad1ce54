using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>One subscribed resource. <paramref name="Version"/> is that of the value in force; empty when there is none.</summary>
/// <param name="Name">The resource's name.</param>
/// <param name="Status">The outcome of the last answer.</param>
/// <param name="Version">Of the value in force.</param>
/// <param name="HasValue">Whether a value is in force.</param>
/// <param name="FromCache">The value came from the last-known-good cache and no server has confirmed it yet.</param>
/// <param name="Error">What is wrong, if anything.</param>
internal sealed record XdsResourceStatus(string Name, ResourceStatus Status, string Version, bool HasValue, bool FromCache, ResourceError? Error)
{
    /// <summary>When the value in force came from a server.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The value in force as it was sent; null when there is none, or contents are not kept.</summary>
    public ByteString? Contents { get; init; }

    /// <summary>The last update, when it was refused.</summary>
    public XdsRejection? Rejection { get; init; }
}
