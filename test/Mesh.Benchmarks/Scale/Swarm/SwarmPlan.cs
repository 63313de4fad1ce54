using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Grpc;
using Node = Envoy.Config.Core.V3.Node;

namespace ProxylessMesh.Benchmarks.Scale.Swarm;

/// <summary>What clients say. The names of a type are encoded once for all clients that ask for the same.</summary>
internal sealed class SwarmPlan(bool delta, int services, int hosts)
{
    /// <summary>In the order in which a client comes to ask for them.</summary>
    public static readonly string[] Types = [TypeUrl.Listener, TypeUrl.Route, TypeUrl.Cluster, TypeUrl.Endpoints];

    private readonly Dictionary<(int First, int Type), byte[]> _names = [];

    public bool Delta => delta;

    /// <summary>That each client subscribes to.</summary>
    public int Hosts => hosts;

    public string Method => delta ? WellKnownMethods.DeltaAggregatedResources.Path : WellKnownMethods.StreamAggregatedResources.Path;

    /// <summary>The first request of a type, and with it of a stream when a node is given.</summary>
    public byte[] Subscribe(int client, int type, Node? node)
    {
        IMessage request = delta
            ? new DeltaDiscoveryRequest { TypeUrl = Types[type], Node = node }
            : new DiscoveryRequest { TypeUrl = Types[type], Node = node };
        return Framed(request.ToByteArray(), Names(client, type));
    }

    public byte[] Acknowledge(int client, int type, in WireFields response)
    {
        IMessage request = delta
            ? new DeltaDiscoveryRequest { TypeUrl = Types[type], ResponseNonce = System.Text.Encoding.UTF8.GetString(response.Nonce) }
            : new DiscoveryRequest
            {
                TypeUrl = Types[type],
                VersionInfo = System.Text.Encoding.UTF8.GetString(response.Version),
                ResponseNonce = System.Text.Encoding.UTF8.GetString(response.Nonce),
            };
        return Framed(request.ToByteArray(), delta ? [] : Names(client, type));
    }

    /// <param name="client">Its number.</param>
    /// <param name="address">Where it says to be.</param>
    /// <param name="service">What it says to be an instance of.</param>
    public static Node NodeOf(int client, string address, int service)
    {
        var (ns, name) = (ScaledMesh.Namespace(service), ScaledMesh.Service(service));
        return new Node
        {
            Id = $"sidecar~{address}~{name}-{client}.{ns}~{ns}.svc.cluster.local",
            Locality = new Envoy.Config.Core.V3.Locality { Region = "region-1", Zone = ScaledMesh.Zone(client) },
            Metadata = new Struct
            {
                Fields =
                {
                    ["NAMESPACE"] = Value.ForString(ns),
                    ["GENERATOR"] = Value.ForString("mesh"),
                    ["SERVICE_ACCOUNT"] = Value.ForString(name),
                    ["WORKLOAD_NAME"] = Value.ForString($"{name}-{client}"),
                    ["INSTANCE_IPS"] = Value.ForString(address),
                    ["POD_PORTS"] = Value.ForString("""[{"name":"http","containerPort":8080}]"""),
                    ["LABELS"] = Value.ForStruct(new Struct { Fields = { ["app"] = Value.ForString(name), ["version"] = Value.ForString("v1") } }),
                },
            },
        };
    }

    private byte[] Names(int client, int type)
    {
        // Neighbours on the list of services: with few hosts each, every service has its share of clients.
        var first = hosts == services ? 0 : client % services;
        lock (_names)
        {
            if (!_names.TryGetValue((first, type), out var encoded))
            {
                var names = Enumerable.Range(first, hosts).Select(i => i % services).Select(i => type switch
                {
                    0 => ScaledMesh.Listener(i),
                    _ => ScaledMesh.Cluster(i),
                });

                names = type == 0 ? names.Prepend(ScaledMesh.Inbound) : names;

                // resource_names and resource_names_subscribe have the same number.
                _names[(first, type)] = encoded = new DiscoveryRequest { ResourceNames = { names } }.ToByteArray();
            }

            return encoded;
        }
    }

    private static byte[] Framed(byte[] request, byte[] names)
    {
        // Messages may be put together from pieces: the fields of a message stand in any order.
        var message = new byte[5 + request.Length + names.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), request.Length + names.Length);
        request.CopyTo(message, 5);
        names.CopyTo(message, 5 + request.Length);
        return message;
    }
}
