using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Builds the messages; the resources' bytes are shared, not copied.</summary>
internal static class DiscoveryResponses
{
    private static readonly Envoy.Config.Core.V3.ControlPlane Self = new() { Identifier = "mesh" };

    public static DiscoveryResponse Create(
        string typeUrl, string version, string nonce, IReadOnlyCollection<TranslatedResource> resources, IEnumerable<string> missing)
    {
        var response = new DiscoveryResponse { TypeUrl = typeUrl, VersionInfo = version, Nonce = nonce, ControlPlane = Self };
        response.Resources.Capacity = resources.Count;
        foreach (var resource in resources)
        {
            response.Resources.Add(Payload(typeUrl, resource));
        }

        foreach (var name in missing)
        {
            response.ResourceErrors.Add(new ResourceError
            {
                ResourceName = new ResourceName { Name = name },
                ErrorDetail = new Google.Rpc.Status { Code = (int)GrpcStatusCode.NotFound, Message = $"{name} does not exist" },
            });
        }

        return response;
    }

    public static DeltaDiscoveryResponse CreateDelta(
        string typeUrl, string version, string nonce, IReadOnlyCollection<TranslatedResource> resources, IReadOnlyCollection<string> removed)
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = typeUrl, SystemVersionInfo = version, Nonce = nonce, ControlPlane = Self };
        response.Resources.Capacity = resources.Count;
        foreach (var resource in resources)
        {
            response.Resources.Add(new Resource { Name = resource.Name, Version = resource.Version, Resource_ = Payload(typeUrl, resource) });
        }

        response.RemovedResources.AddRange(removed);
        return response;
    }

    private static Any Payload(string typeUrl, TranslatedResource resource) => new() { TypeUrl = typeUrl, Value = resource.Bytes };
}
