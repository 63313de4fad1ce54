using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Services;

/// <summary>
/// The authorities that this process calls, subscribed to on the first call: an app holds what it uses, never the whole mesh.
/// </summary>
internal sealed partial class OutboundServices(
    XdsClient xds, Func<string, string> listenerName, ClusterStore clusters, TimeProvider time, IRandomSource random, ILogger logger) : IDisposable
{
    /// <summary>An app that calls ever new hosts (a crawler) must not fill the memory with subscriptions.</summary>
    private const int MaxServices = 10_000;

    private readonly ConcurrentDictionary<AuthorityKey, OutboundService> _services = new();
    private readonly Lock _adding = new();
    private bool _full;

    /// <summary>The service of an authority, or null when there are too many.</summary>
    public OutboundService? Find(AuthorityKey authority) =>
        _services.TryGetValue(authority, out var service) ? service : Add(authority);

    public void Dispose()
    {
        foreach (var service in _services.Values)
        {
            service.Dispose();
        }
    }

    private OutboundService? Add(AuthorityKey authority)
    {
        lock (_adding)
        {
            if (_services.TryGetValue(authority, out var service))
            {
                return service;
            }

            if (_services.Count >= MaxServices && !MakeRoom())
            {
                return null;
            }

            service = new OutboundService(authority, xds, listenerName, clusters, time, random);
            _services[authority] = service;
            return service;
        }
    }

    /// <summary>Hosts that the mesh does not know are forgotten first; the next call to one asks again.</summary>
    private bool MakeRoom()
    {
        foreach (var (key, service) in _services)
        {
            if (service.Model is { PassThrough: true } && _services.TryRemove(key, out _))
            {
                service.Dispose();
            }
        }

        if (_services.Count >= MaxServices && !_full)
        {
            _full = true;
            Log.TooManyServices(logger, MaxServices);
        }

        return _services.Count < MaxServices;
    }

    private static partial class Log
    {
        [LoggerMessage(2010, LogLevel.Warning, "This process calls more than {Limit} hosts of the mesh; calls to further ones do not go through the mesh.")]
        public static partial void TooManyServices(ILogger logger, int limit);
    }
}
