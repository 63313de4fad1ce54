using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class ServiceTests
{
    [Fact]
    public void Reads_selector_and_ports()
    {
        var service = Reading.Good<Service>("""
            apiVersion: v1
            kind: Service
            metadata:
              name: reviews
              namespace: prod
              labels: {app: reviews}
              annotations: {networking.istio.io/exportTo: "."}
              creationTimestamp: 2030-01-02T03:04:05Z
              uid: abc
            spec:
              type: ClusterIP
              clusterIP: 10.0.0.1
              sessionAffinity: None
              selector: {app: reviews}
              ports:
              - {name: http, port: 9080, targetPort: 8080, nodePort: 30000, protocol: TCP}
              - {name: grpc-api, port: 9090, targetPort: api}
            status: {}
            """);

        Assert.Equal(new ObjectId("Service", "prod", "reviews"), service.Meta.Id);
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), service.Meta.CreatedAt);
        Assert.Equal(".", service.Meta.Annotations.Find("networking.istio.io/exportTo"));
        Assert.Equal("reviews", service.Selector.Find("app"));
        Assert.Equal(
            [
                new ServicePort(9080, "http", PortProtocol.Http, 8080, null, new("mesh.yaml", 16, 5)),
                new ServicePort(9090, "grpc-api", PortProtocol.Grpc, null, "api", new("mesh.yaml", 17, 5)),
            ],
            service.Ports);
    }

    [Theory]
    [InlineData("http", null, 80, PortProtocol.Http)]
    [InlineData("http-web", null, 80, PortProtocol.Http)]
    [InlineData("http2-web", null, 80, PortProtocol.Http2)]
    [InlineData("https", null, 443, PortProtocol.Https)]
    [InlineData("grpc", null, 80, PortProtocol.Grpc)]
    [InlineData("grpc-web-x", null, 80, PortProtocol.Http)]
    [InlineData("tls-x", null, 80, PortProtocol.Tls)]
    [InlineData("tcp-x", null, 80, PortProtocol.Tcp)]
    [InlineData("mongo", null, 80, PortProtocol.Tcp)]
    [InlineData("redis-a", null, 80, PortProtocol.Tcp)]
    [InlineData("web", null, 80, PortProtocol.Unspecified)]
    [InlineData("", null, 80, PortProtocol.Unspecified)]
    [InlineData("", null, 3306, PortProtocol.Tcp)]
    [InlineData("http", null, 3306, PortProtocol.Http)]
    [InlineData("tcp", "http", 80, PortProtocol.Http)]
    [InlineData("http", "kubernetes.io/h2c", 80, PortProtocol.Http2)]
    [InlineData("http", "kubernetes.io/ws", 80, PortProtocol.Http)]
    [InlineData("http", "kubernetes.io/wss", 80, PortProtocol.Https)]
    [InlineData("http", "example.com/own", 80, PortProtocol.Unspecified)]
    public void A_ports_protocol_follows_Istios_conventions(string name, string? appProtocol, int number, object protocol)
    {
        var service = Reading.Good<Service>($$"""
            apiVersion: v1
            kind: Service
            metadata: {name: a}
            spec: {ports: [{port: {{number}}, name: "{{name}}"{{(appProtocol is null ? "" : $", appProtocol: {appProtocol}")}}}]}
            """);

        Assert.Equal(protocol, Assert.Single(service.Ports).Protocol);
    }
}
