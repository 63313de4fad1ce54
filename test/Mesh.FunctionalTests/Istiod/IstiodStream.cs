using Envoy.Service.Discovery.V3;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>One stream, by the rules of istiod (pkg/xds/server.go, ShouldRespond).</summary>
internal sealed class IstiodStream : IDisposable
{
    // Istio's PushOrder.
    private static readonly string[] s_order =
        [ResourceKinds.Cluster.TypeUrl, ResourceKinds.Endpoints.TypeUrl, ResourceKinds.Listener.TypeUrl, ResourceKinds.Route.TypeUrl];

    private readonly IstiodServer _server;
    private readonly IstioNode _node;
    private readonly IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> _client;
    private readonly CancellationTokenSource _end;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, WatchedResource> _watched = new(StringComparer.Ordinal);

    public IstiodStream(IstiodServer server, IstioNode node, IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> client, CancellationToken cancellationToken)
    {
        _server = server;
        _node = node;
        _client = client;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    public async Task RunAsync(DiscoveryRequest first)
    {
        try
        {
            for (var request = first; request is not null; request = await _client.ReadAsync(_end.Token))
            {
                await InTurnAsync(() => ShouldRespond(request) ? RespondAsync(request.TypeUrl) : Task.CompletedTask);
            }
        }
        catch (OperationCanceledException)
        {
            // A newer stream took its place, or the client went.
        }
    }

    /// <summary>What it watches, in order. Proxyless clients get all of it each time.</summary>
    public async Task PushAsync()
    {
        try
        {
            await InTurnAsync(async () =>
            {
                foreach (var type in s_order.Where(_watched.ContainsKey))
                {
                    await RespondAsync(type);
                }
            });
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    public void Close()
    {
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself.
        }
    }

    public void Dispose() => _end.Dispose();

    private async Task InTurnAsync(Func<Task> work)
    {
        await _turn.WaitAsync(_end.Token);
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool ShouldRespond(DiscoveryRequest request)
    {
        var isWildcard = request.TypeUrl == ResourceKinds.Listener.TypeUrl || request.TypeUrl == ResourceKinds.Cluster.TypeUrl;
        if (!s_order.Contains(request.TypeUrl))
        {
            // No generator of a proxyless node knows it.
            _server.Complain($"{_node.Id} asks for {request.TypeUrl}");
            return false;
        }

        if (request.ErrorDetail is { } error)
        {
            _server.Complain($"{_node.Id} rejects {request.TypeUrl}: {error.Message}");
            return false;
        }

        if (request.ResourceNames.Count == 0)
        {
            if (!isWildcard)
            {
                _watched.Remove(request.TypeUrl);
                return false;
            }

            _server.Complain($"{_node.Id} asks for everything of {request.TypeUrl}");
        }

        if (request.ResponseNonce.Length == 0 || !_watched.TryGetValue(request.TypeUrl, out var watched))
        {
            _watched[request.TypeUrl] = new WatchedResource { Names = [.. request.ResourceNames] };
            return true;
        }

        if (request.ResponseNonce != watched.NonceSent)
        {
            return false;
        }

        var added = request.ResourceNames.Any(n => !watched.Names.Contains(n));
        var changed = added || request.ResourceNames.Count != watched.Names.Count;
        watched.Names = [.. request.ResourceNames];
        return isWildcard ? changed : added;
    }

    private Task RespondAsync(string type)
    {
        var watched = _watched[type];
        var version = _server.Version;
        watched.NonceSent = version + Guid.NewGuid();
        return _client.WriteAsync(
            new DiscoveryResponse
            {
                TypeUrl = type,
                VersionInfo = version,
                Nonce = watched.NonceSent,
                ControlPlane = new() { Identifier = """{"Component":"istiod","ID":"istiod-0","Info":{"version":"1.27.0"}}""" },
                Resources = { ProxylessGenerator.Generate(_server.Mesh, _node, type, watched.Names) },
            },
            _end.Token);
    }

    private sealed class WatchedResource
    {
        public HashSet<string> Names { get; set; } = [];

        public string NonceSent { get; set; } = "";
    }
}
