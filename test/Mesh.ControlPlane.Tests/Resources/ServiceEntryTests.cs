using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class ServiceEntryTests
{
    [Fact]
    public void Reads_ports_endpoints_and_resolution()
    {
        var entry = Reading.Good<ServiceEntry>("""
            apiVersion: networking.istio.io/v1beta1
            kind: ServiceEntry
            metadata: {name: legacy}
            spec:
              hosts: [legacy.example.com]
              location: MESH_INTERNAL
              resolution: STATIC
              exportTo: ["."]
              ports:
              - {number: 80, name: http, protocol: http, targetPort: 8080}
              - {number: 443, name: https-x}
              endpoints:
              - address: 10.0.0.1
                ports: {http: 9000}
                labels: {version: v1}
                serviceAccount: legacy
                weight: 3
                locality: eu/a/1
              - address: "fd00::1"
                locality: eu
            """);

        Assert.Equal(["legacy.example.com"], entry.Hosts);
        Assert.Equal((ServiceEntryLocation.MeshInternal, ServiceEntryResolution.Static), (entry.Location, entry.Resolution));
        Assert.Equal(["80 http Http 8080", "443 https-x Https "], entry.Ports.Select(p => $"{p.Number} {p.Name} {p.Protocol} {p.TargetNumber}"));
        var first = entry.Endpoints[0];
        Assert.Equal(("10.0.0.1", "legacy", 3u, "eu/a/1"), (first.Address, first.ServiceAccount, first.Weight, first.Locality.ToString()));
        Assert.Equal([new("http", 9000)], first.Ports);
        Assert.Equal("v1", first.Labels.Find("version"));
        Assert.Equal(("fd00::1", null, 0u, "eu//"), (entry.Endpoints[1].Address, entry.Endpoints[1].ServiceAccount, entry.Endpoints[1].Weight, entry.Endpoints[1].Locality.ToString()));
    }

    [Fact]
    public void A_workload_selector_takes_the_place_of_endpoints()
    {
        var entry = Reading.Good<ServiceEntry>("""
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: legacy}
            spec: {hosts: [legacy.example.com], location: 1, resolution: 1, workloadSelector: {labels: {app: legacy}}}
            """);

        Assert.Equal("legacy", entry.WorkloadSelector.Find("app"));
        Assert.Equal(ServiceEntryLocation.MeshInternal, entry.Location);
    }

    [Fact]
    public void A_WorkloadEntry_is_an_endpoint_of_its_own()
    {
        var entry = Reading.Good<WorkloadEntry>("""
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: {name: vm-1, namespace: prod}
            spec: {address: VM-1.example.com, labels: {app: legacy}, serviceAccount: legacy, ports: {http: 80}}
            """);

        Assert.Equal("vm-1.example.com", entry.Endpoint.Address);
        Assert.Equal("legacy", entry.Endpoint.Labels.Find("app"));
    }
}
