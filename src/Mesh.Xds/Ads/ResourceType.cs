using Envoy.Service.Discovery.V3;

namespace ProxylessMesh.Xds.Ads;

/// <summary>One resource type: what is subscribed of it, from whatever server it comes. Belongs to the event loop.</summary>
internal abstract class ResourceType(string typeUrl, string shortName)
{
    public string TypeUrl { get; } = typeUrl;

    public string ShortName { get; } = shortName;

    /// <summary>All subscribed resources, and those that a server may still take for subscribed.</summary>
    public abstract IEnumerable<ResourceEntry> Entries { get; }

    /// <summary>What is watched of authorities that use the channel.</summary>
    public IEnumerable<ResourceEntry> WatchedOn(AdsChannel channel) => Entries.Where(e => e.HasWatchers && e.Authority.Uses(channel));

    /// <summary>What is watched of the authority.</summary>
    public IEnumerable<ResourceEntry> WatchedOf(AdsAuthority authority) => Entries.Where(e => e.HasWatchers && e.Authority == authority);

    /// <summary>Takes a response's resources and tells watchers. Returns what is wrong with it, or null.</summary>
    public abstract string? Apply(DiscoveryResponse response, ChannelType from);

    /// <summary>Takes a response's resources and tells watchers. Returns what is wrong with it, or null.</summary>
    public abstract string? Apply(DeltaDiscoveryResponse response, ChannelType from);

    /// <summary>Forgets what nobody watches any more, once all servers that may take it for watched have been told.</summary>
    public abstract void Forget();

    /// <summary>The server was silent about these for so long.</summary>
    public abstract void Expire(IReadOnlyList<ResourceEntry> silent, TimeSpan waited, XdsServerFeatures features);

    /// <summary>Takes last-known-good values for all of the authority that has none.</summary>
    public abstract void RestoreFromCache(AdsAuthority authority);
}
