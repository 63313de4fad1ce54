using Envoy.Service.Discovery.V3;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Puts responses together from resources that are encoded already.</summary>
internal static class DiscoveryResponses
{
    private static readonly Envoy.Config.Core.V3.ControlPlane Self = new() { Identifier = "mesh" };

    public static EncodedMessage Create(
        string typeUrl, string version, string nonce, IReadOnlyCollection<TranslatedResource> resources, IEnumerable<string> missing)
    {
        var response = new DiscoveryResponse { TypeUrl = typeUrl, VersionInfo = version, Nonce = nonce, ControlPlane = Self };
        foreach (var name in missing)
        {
            response.ResourceErrors.Add(new ResourceError
            {
                ResourceName = new ResourceName { Name = name },
                ErrorDetail = new Google.Rpc.Status { Code = (int)GrpcStatusCode.NotFound, Message = $"{name} does not exist" },
            });
        }

        return new EncodedMessage(response, [.. resources.Select(r => r.InStateOfTheWorld(typeUrl))]);
    }

    public static EncodedMessage CreateDelta(
        string typeUrl, string version, string nonce, IReadOnlyCollection<TranslatedResource> resources, IReadOnlyCollection<string> removed)
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = typeUrl, SystemVersionInfo = version, Nonce = nonce, ControlPlane = Self };
        response.RemovedResources.AddRange(removed);
        return new EncodedMessage(response, [.. resources.Select(r => r.InDelta(typeUrl))]);
    }
}
