using Envoy.Config.Core.V3;
using Envoy.Type.V3;
using ProxylessMesh.ControlPlane.Resources;
using MirrorPolicy = Envoy.Config.Route.V3.RouteAction.Types.RequestMirrorPolicy;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>Who gets copies of requests. As in Istio they keep the Host and are not traced.</summary>
internal static class MirrorBuilder
{
    /// <summary>Null where the share is 0.</summary>
    public static MirrorPolicy? Build(HttpMirror mirror, ClusterName cluster)
    {
        return mirror.PerMillion == 0 ? null : new MirrorPolicy
        {
            Cluster = cluster.ToString(),
            RuntimeFraction = new RuntimeFractionalPercent
            {
                DefaultValue = new FractionalPercent { Numerator = (uint)mirror.PerMillion, Denominator = FractionalPercent.Types.DenominatorType.Million },
            },
            TraceSampled = false,
            DisableShadowHostSuffixAppend = true,
        };
    }
}
