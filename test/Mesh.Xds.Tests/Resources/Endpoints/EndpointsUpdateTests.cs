using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.Endpoints;

namespace ProxylessMesh.Xds.Tests.Resources.Endpoints;

/// <summary>Whatever changes, a list decoded by its differences is the list decoded whole.</summary>
public sealed class EndpointsUpdateTests
{
    private readonly SeededRandom _random = new(11);

    [Fact]
    public void Any_change_gives_what_the_whole_list_gives()
    {
        var list = List(200, 100);
        EndpointsConfig? previous = null;
        for (var round = 0; round < 300; round++)
        {
            var bytes = list.ToByteString();
            var whole = ResourceKinds.Endpoints.Decode(bytes);

            var updated = EndpointsUpdate.Decode(bytes, _ => previous);

            Assert.Equal(whole, updated);
            previous = updated.Value ?? previous;
            Change(list);
        }
    }

    [Fact]
    public void What_stays_is_the_very_same_object()
    {
        var list = List(500);
        var first = EndpointsUpdate.Decode(list.ToByteString(), _ => null).Value!;
        list.Endpoints[0].LbEndpoints[300].HealthStatus = HealthStatus.Draining;

        var second = EndpointsUpdate.Decode(list.ToByteString(), _ => first).Value!;

        var before = first.Localities[0].Endpoints;
        Assert.Equal(
            [300],
            second.Localities[0].Endpoints.Select((e, i) => (e, i)).Where(x => !ReferenceEquals(x.e, before[x.i])).Select(x => x.i));
    }

    [Fact]
    public void New_endpoint_with_an_address_that_is_there_is_an_error()
    {
        var list = List(500);
        var first = EndpointsUpdate.Decode(list.ToByteString(), _ => null).Value!;
        list.Endpoints[0].LbEndpoints.Add(list.Endpoints[0].LbEndpoints[7].Clone());

        var result = EndpointsUpdate.Decode(list.ToByteString(), _ => first);

        Assert.Contains("endpoints[0].lb_endpoints[500]: address 10.0.0.7:80 is listed twice", result.Errors);
    }

    [Fact]
    public void Hostile_bytes_do_what_they_do_to_the_ordinary_decoder()
    {
        var good = List(100).ToByteString();
        var first = EndpointsUpdate.Decode(good, _ => null).Value!;
        for (var i = 0; i < 3000; i++)
        {
            var bytes = good.ToByteArray();
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
            var spoilt = ByteString.CopyFrom(bytes);

            var updated = EndpointsUpdate.Decode(spoilt, _ => first);

            Assert.Equal(ResourceKinds.Endpoints.Decode(spoilt).Value, updated.Value);
        }
    }

    private void Change(ClusterLoadAssignment list)
    {
        var locality = list.Endpoints[_random.Next(list.Endpoints.Count)];
        var endpoints = locality.LbEndpoints;
        switch (_random.Next(6))
        {
            case 0 when endpoints.Count > 50:
                endpoints.RemoveAt(_random.Next(endpoints.Count));
                break;
            case 1:
                endpoints.Insert(_random.Next(endpoints.Count), Endpoint($"10.9.{_random.Next(250)}.{_random.Next(250)}"));
                break;
            case 2:
                endpoints[_random.Next(endpoints.Count)].LoadBalancingWeight = (uint)_random.Next(5);
                break;
            case 3:
                endpoints[_random.Next(endpoints.Count)].HealthStatus = (HealthStatus)_random.Next(5);
                break;
            case 4:
                locality.LoadBalancingWeight = (uint)_random.Next(100);
                break;
            default:
                var (a, b) = (_random.Next(endpoints.Count), _random.Next(endpoints.Count));
                (endpoints[a], endpoints[b]) = (endpoints[b], endpoints[a]);
                break;
        }
    }

    private static ClusterLoadAssignment List(params int[] sizes)
    {
        var list = new ClusterLoadAssignment { ClusterName = "c" };
        for (var zone = 0; zone < sizes.Length; zone++)
        {
            list.Endpoints.Add(new LocalityLbEndpoints
            {
                Locality = new Locality { Zone = $"z{zone}" },
                LoadBalancingWeight = 5,
                LbEndpoints = { Enumerable.Range(0, sizes[zone]).Select(i => Endpoint($"10.{zone}.{i / 250}.{i % 250}")) },
            });
        }

        return list;
    }

    private static LbEndpoint Endpoint(string address) => new()
    {
        Endpoint = new Envoy.Config.Endpoint.V3.Endpoint { Address = new Address { SocketAddress = new SocketAddress { Address = address, PortValue = 80 } } },
    };
}
