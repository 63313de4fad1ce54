using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.ControlPlane.Resources;
using Slashes = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.PathWithEscapedSlashesAction;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>MeshConfig.pathNormalization, as Istio puts it into the connection manager; and hosts lose the dot of an absolute name.</summary>
internal static class RequestNormalization
{
    public static void Apply(HttpConnectionManager manager, PathNormalization mode)
    {
        manager.StripTrailingHostDot = true;
        if (mode == PathNormalization.None)
        {
            return;
        }

        manager.NormalizePath = true;
        manager.MergeSlashes = mode is PathNormalization.MergeSlashes or PathNormalization.DecodeAndMergeSlashes;
        if (mode == PathNormalization.DecodeAndMergeSlashes)
        {
            manager.PathWithEscapedSlashesAction = Slashes.UnescapeAndForward;
        }
    }
}
