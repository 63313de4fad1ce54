using System.Net;
using Envoy.Config.Core.V3;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>A client as istiod reads it from its first request (pilot/pkg/model, ParseServiceNodeWithMetadata).</summary>
internal sealed record IstioNode(string Id, string Namespace, string Account, bool AcceptsMutualTls)
{
    /// <exception cref="GrpcException">istiod would not serve it, or not as a proxyless application.</exception>
    public static IstioNode Read(Node? node)
    {
        if (node is null || node.Id.Length == 0)
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "missing node information");
        }

        var parts = node.Id.Split('~');
        if (parts is not ["sidecar", var address, _, _])
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"missing parts in the service node \"{node.Id}\"");
        }

        var metadata = node.Metadata?.Fields ?? [];
        var addresses = Text("INSTANCE_IPS") is { Length: > 0 } listed ? listed.Split(',') : [address];
        if (!addresses.Any(a => IPAddress.TryParse(a, out _)))
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "no valid IP address in the service node id or metadata");
        }

        // istiod would answer in Envoy's full form, which is for sidecars.
        return Text("GENERATOR") == "grpc"
            ? new IstioNode(node.Id, Text("NAMESPACE"), Text("SERVICE_ACCOUNT"), Label("security.istio.io/tlsMode") == "istio")
            : throw new GrpcException(GrpcStatusCode.InvalidArgument, "the node is not proxyless: GENERATOR is not grpc");

        string Text(string key) => metadata.TryGetValue(key, out var value) ? value.StringValue : "";

        string Label(string key) => metadata.TryGetValue("LABELS", out var labels) && labels.StructValue?.Fields.TryGetValue(key, out var value) == true ? value.StringValue : "";
    }
}
