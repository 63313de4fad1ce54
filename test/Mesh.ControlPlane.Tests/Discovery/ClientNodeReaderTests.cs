using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

public sealed class ClientNodeReaderTests
{
    [Fact]
    public void What_metadata_leaves_out_is_in_the_id()
    {
        var node = ClientNodeReader.Read(new Node { Id = "sidecar~10.1.2.3~ratings-v1-abc.prod~prod.svc.cluster.local" });

        Assert.Equal(("prod", "ratings-v1-abc", "10.1.2.3", ProxyProfile.Grpc), (node.View.Namespace, node.View.WorkloadName, node.Address, node.View.Profile));
        Assert.Empty(node.Ports);
    }

    [Fact]
    public void Ports_that_are_not_to_be_called_yet_register_nothing()
    {
        var node = ClientNodeReader.Read(NodeWith("INBOUND_PORTS", Value.ForString("""[{"name":"grpc","containerPort":9080,"protocol":"TCP"}]""")));

        Assert.Equal([new("grpc", 9080)], node.View.InboundPorts);
        Assert.Null(node.ToWorkload(authenticated: true));
    }

    [Fact]
    public void A_node_without_a_namespace_is_refused() => Refused(new Node { Id = "somebody" });

    [Fact]
    public void An_address_that_is_none_is_refused() => Refused(NodeWith("INSTANCE_IPS", Value.ForString("example.org")));

    [Fact]
    public void Control_characters_are_refused() => Refused(NodeWith("WORKLOAD_NAME", Value.ForString("a\nb")));

    [Fact]
    public void A_long_text_is_refused() => Refused(NodeWith("SERVICE_ACCOUNT", Value.ForString(new string('a', 2000))));

    [Fact]
    public void Too_many_labels_are_refused()
    {
        var labels = new Struct();
        for (var i = 0; i < 200; i++)
        {
            labels.Fields.Add($"{i}", Value.ForString(""));
        }

        Refused(NodeWith("LABELS", Value.ForStruct(labels)));
    }

    [Fact]
    public void Values_of_another_kind_count_as_absent()
    {
        var node = ClientNodeReader.Read(NodeWith("LABELS", Value.ForNumber(5)));

        Assert.Equal(0, node.View.Labels.Count);
    }

    [Fact]
    public void A_node_without_locality_is_nowhere()
    {
        var node = ClientNodeReader.Read(NodeWith("LABELS", Value.ForStruct(new Struct())));

        Assert.Equal(new LocalityId("", "", ""), node.View.Locality);
    }

    private static Node NodeWith(string key, Value value) => new()
    {
        Id = "sidecar~10.1.2.3~a.default~default.svc.cluster.local",
        Metadata = new Struct { Fields = { [key] = value } },
    };

    private static void Refused(Node node) =>
        Assert.Equal(GrpcStatusCode.InvalidArgument, Assert.Throws<GrpcException>(() => ClientNodeReader.Read(node)).Status);
}
