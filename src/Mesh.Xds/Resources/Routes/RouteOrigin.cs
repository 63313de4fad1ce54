using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>
/// What a route was made from, as Istio writes it into the metadata:
/// <c>/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews</c> becomes <c>VirtualService default/reviews</c>. It only
/// informs, so what does not look like that is left out.
/// </summary>
internal static class RouteOrigin
{
    private const string Filter = "istio";
    private const string Key = "config";
    private const int MaxLength = 512;

    public static string? Of(Metadata? metadata)
    {
        if (metadata is null
            || !metadata.FilterMetadata.TryGetValue(Filter, out var fields)
            || !fields.Fields.TryGetValue(Key, out var config)
            || config.KindCase != Value.KindOneofCase.StringValue
            || config.StringValue.Length > MaxLength)
        {
            return null;
        }

        return config.StringValue.Split('/') is ["", "apis", _, _, "namespaces", var owner, var kind, var name]
            && IsName(owner) && IsName(kind) && IsName(name)
            ? $"{Kind(kind)} {owner}/{name}"
            : null;
    }

    private static string Kind(string name) => string.Concat(name.Split('-').Select(word => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>It will stand in sentences: nothing but what names in Kubernetes are made of.</summary>
    private static bool IsName(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
}
