using System.Collections.Concurrent;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Tests.Ads;

namespace ProxylessMesh.Xds.Tests.Dependencies;

/// <summary>
/// Rule 21 (gRFC A74) as a property: a server changes everything at random and sends it in any order, and whatever is published in
/// between is whole. Time stands still, so nothing is missing for want of an answer.
/// </summary>
public sealed class ConfigTearTests
{
    private const int Names = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Rule21_whatever_the_order_no_snapshot_is_torn_and_the_last_one_is_the_servers(int seed)
    {
        var random = new Random(seed);
        var torn = new ConcurrentQueue<string>();
        ServiceSnapshot? last = null;
        var published = 0;
        await using var mesh = new AdsFixture();
        using var watch = new ServiceWatch(mesh.Client, MeshKinds.All, "reviews:9080", state =>
        {
            if (state.Snapshot is not null || last is not null)
            {
                Check(state.Snapshot, torn);
                last = state.Snapshot;
                published++;
            }
        });
        var server = new ChangingServer(await mesh.Server.AcceptAsync(), random);
        for (var step = 0; step < 150; step++)
        {
            if (random.Next(3) > 0)
            {
                server.Change();
            }

            await server.SendSomethingAsync();
        }

        // In the end all is told, as often as the client asks for more.
        for (var round = 0; round < 5; round++)
        {
            await server.SendAllAsync();
            await mesh.SettleAsync();
            await mesh.SettleAsync();
        }

        Assert.Empty(torn);
        Assert.InRange(published, 5, int.MaxValue);
        Assert.Equal(server.Expected, ServiceFixture.Describe(last!));
    }

    /// <summary>Every cluster that the routes name is there with the endpoints that it names, and nothing else is.</summary>
    private static void Check(ServiceSnapshot? snapshot, ConcurrentQueue<string> torn)
    {
        if (snapshot is null)
        {
            torn.Enqueue("a service that was known is not any more");
            return;
        }

        var named = ServiceSnapshot.ClusterNames(snapshot.Routes).ToHashSet();
        if (!named.SetEquals(snapshot.Clusters.Keys))
        {
            torn.Enqueue($"routes name {string.Join(',', named)}, the snapshot has {string.Join(',', snapshot.Clusters.Keys)}");
        }

        foreach (var cluster in snapshot.Clusters.Values)
        {
            // Each list says in its addresses whose it is.
            if (cluster.Config is not { Discovery: ClusterDiscovery.Eds } config || cluster.Endpoints?.Name != config.EdsServiceName)
            {
                torn.Enqueue($"{cluster.Name} has the endpoints of {cluster.Endpoints?.Name ?? "nobody"}: {cluster.Error}");
            }
        }
    }

    /// <summary>A control plane whose routes, clusters and endpoints change; it answers what is asked when it likes.</summary>
    private sealed class ChangingServer(ScriptedStream stream, Random random)
    {
        private readonly int[] _endpointsOf = [0, 1, 2, 3];
        private readonly int[] _addresses = new int[Names];
        private int[] _routes = [0];
        private string _routeName = "routes0";
        private int _nonce;

        public string Expected => string.Join(' ', _routes.Order().Select(c => $"c{c}:{Address(_endpointsOf[c])}"));

        public void Change()
        {
            switch (random.Next(4))
            {
                case 0:
                    _routes = [.. Enumerable.Range(0, Names).Where(_ => random.Next(2) == 0).DefaultIfEmpty(random.Next(Names))];
                    break;
                case 1:
                    _endpointsOf[random.Next(Names)] = random.Next(Names);
                    break;
                case 2:
                    _routeName = $"routes{random.Next(2)}";
                    break;
                default:
                    _addresses[random.Next(Names)]++;
                    break;
            }
        }

        public Task SendSomethingAsync() => SendAsync(random.Next(4), complete: false);

        public async Task SendAllAsync()
        {
            for (var type = 0; type < 4; type++)
            {
                await SendAsync(type, complete: true);
            }
        }

        private string Address(int endpoints) => $"10.{endpoints}.0.{_addresses[endpoints]}";

        private Task SendAsync(int type, bool complete) => type switch
        {
            0 => ExchangeAsync(MeshKinds.All.Listener, $"reviews:9080=rds {_routeName}"),
            1 => ExchangeAsync(MeshKinds.All.Route, Enumerable.Range(0, 2).Select(i => $"routes{i}={string.Join(',', _routes.Select(c => $"c{c}"))}").Where(_ => complete || random.Next(4) > 0).ToArray()),
            2 => ExchangeAsync(MeshKinds.All.Cluster, Enumerable.Range(0, Names).Select(c => $"c{c}=eds e{_endpointsOf[c]}").ToArray()),
            _ => ExchangeAsync(MeshKinds.All.Endpoints, Enumerable.Range(0, Names).Select(e => $"e{e}={Address(e)}").Where(_ => complete || random.Next(4) > 0).ToArray()),
        };

        // What was not asked for yet is not answered (rule 7); then there is nothing to wait for.
        private async Task ExchangeAsync<T>(ResourceKind<T> kind, params string[] resources)
            where T : class
        {
            var nonce = $"n{++_nonce}";
            stream.Send(kind, $"v{_nonce}", nonce, [.. resources.Select(r => MeshKinds.Any(kind, r))]);

            // A name that nobody has is refused at once: so the client is known to have taken in what came before.
            stream.Send(MeshKinds.All.Listener, "refused", $"end{_nonce}", MeshKinds.Any(MeshKinds.All.Listener, "reviews:9080=!marker"));
            while ((await stream.NextAsync()).ResponseNonce != $"end{_nonce}")
            {
            }
        }
    }
}
