using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Builds the message; the resources' bytes are shared, not copied.</summary>
internal static class DiscoveryResponses
{
    private static readonly Envoy.Config.Core.V3.ControlPlane Self = new() { Identifier = "mesh" };

    public static DiscoveryResponse Create(
        string typeUrl, string version, string nonce, IReadOnlyCollection<ByteString> resources, IEnumerable<string> missing)
    {
        var response = new DiscoveryResponse { TypeUrl = typeUrl, VersionInfo = version, Nonce = nonce, ControlPlane = Self };
        response.Resources.Capacity = resources.Count;
        foreach (var bytes in resources)
        {
            response.Resources.Add(new Any { TypeUrl = typeUrl, Value = bytes });
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
}
