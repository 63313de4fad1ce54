using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>
/// The agent's own ADS stream: it exists for what its node says, which ports of the workload may be called. Disposing it takes the
/// workload out of the mesh.
/// </summary>
internal sealed partial class Registration : IResourceWatcher<TrustAnchorsConfig>, IAsyncDisposable
{
    private readonly XdsClient _client;
    private readonly AgentWorkload _workload;
    private readonly string _instance;
    private readonly ILogger _logger;
    private readonly IDisposable _watch;

    public Registration(XdsClient client, CaIdentitySource? identity, AgentWorkload workload, string instance, ILogger logger)
    {
        (_client, _workload, _instance, _logger) = (client, workload, instance, logger);

        // A client connects for a resource. Where certificates come from, it is the roots; elsewhere they are asked for in vain.
        _watch = identity is null ? client.Watch(ResourceKinds.Secret, TrustWatch.SecretName, this) : new TrustWatch(client, identity);
    }

    public void Serve(bool healthy)
    {
        _client.UpdateNode(AgentNode.Of(_workload, _instance, healthy));
        if (healthy)
        {
            Log.Registered(_logger, _workload.Name, Ports());
        }
        else
        {
            Log.Deregistered(_logger, _workload.Name, Ports());
        }
    }

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _client.DisposeAsync().ConfigureAwait(false);
    }

    void IResourceWatcher<TrustAnchorsConfig>.OnChanged(TrustAnchorsConfig resource)
    {
    }

    void IResourceWatcher<TrustAnchorsConfig>.OnMissing(ResourceError error)
    {
    }

    void IResourceWatcher<TrustAnchorsConfig>.OnAmbientError(ResourceError error)
    {
    }

    private string Ports() => string.Join(", ", _workload.Ports.Select(port => $"{port.Key}={port.Value}"));

    private static partial class Log
    {
        [LoggerMessage(4521, LogLevel.Information, "{Workload} is healthy: registering {Ports}.")]
        public static partial void Registered(ILogger logger, string workload, string ports);

        [LoggerMessage(4522, LogLevel.Warning, "{Workload} is no longer healthy: taking {Ports} out of the mesh.")]
        public static partial void Deregistered(ILogger logger, string workload, string ports);
    }
}
