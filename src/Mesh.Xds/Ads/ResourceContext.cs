using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Cache;

namespace ProxylessMesh.Xds.Ads;

/// <summary>What all channels and resource types of a client share.</summary>
/// <param name="Cache">The last-known-good resources, or null.</param>
/// <param name="Time">The client's clock.</param>
/// <param name="Post">Runs something on the event loop.</param>
/// <param name="Logger">Where events 1100 to 1139 go.</param>
internal sealed record ResourceContext(IResourceCache? Cache, TimeProvider Time, Action<Action> Post, ILogger Logger)
{
    /// <summary>Whether resources are kept as they were sent, for who asks what the client has.</summary>
    public bool KeepContents { get; init; }

    /// <summary>What is counted.</summary>
    public ClientMetrics Metrics { get; } = new();
}
