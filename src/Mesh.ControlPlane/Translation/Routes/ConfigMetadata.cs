using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>Where a route comes from, as Istio writes it: the data plane names it in what it says to callers.</summary>
internal static class ConfigMetadata
{
    private const string Filter = "istio";
    private const string Key = "config";

    public static Metadata Of(VirtualService source)
    {
        var id = source.Meta.Id;
        var path = Value.ForString($"/apis/networking.istio.io/v1/namespaces/{id.Namespace}/virtual-service/{id.Name}");
        return new Metadata { FilterMetadata = { [Filter] = new Struct { Fields = { [Key] = path } } } };
    }
}
