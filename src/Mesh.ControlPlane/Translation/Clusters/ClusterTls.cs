using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Tls;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>
/// TLS towards a service. A DestinationRule that says how is obeyed; otherwise endpoints in the mesh get mTLS as far as each can
/// (Istio's auto mTLS), and hosts outside it plaintext.
/// </summary>
internal static class ClusterTls
{
    public const string TlsModeKey = "tlsMode";
    public const string TlsModeMutual = "istio";

    public static void Apply(Cluster cluster, MeshModel model, ProxyProfile profile, ClusterTarget target)
    {
        if (target.Policy.Tls is { } configured)
        {
            cluster.TransportSocket = configured.Mode switch
            {
                ClientTlsMode.Disable => null,
                ClientTlsMode.IstioMutual => MutualTls(model, profile, target),
                _ => TlsContexts.Originating(OriginationContext.Build(configured, target.Service, TlsParametersBuilder.Build(profile, model.Settings.TlsDefaults))),
            };
        }
        else if (profile == ProxyProfile.Mesh && target.Service.MeshInternal && target.Service.Resolution != ServiceEntryResolution.None)
        {
            cluster.TransportSocketMatches.Add(new Cluster.Types.TransportSocketMatch
            {
                Name = "tlsMode-istio",
                Match = new Struct { Fields = { [TlsModeKey] = Value.ForString(TlsModeMutual) } },
                TransportSocket = MutualTls(model, profile, target),
            });
            cluster.TransportSocketMatches.Add(new Cluster.Types.TransportSocketMatch
            {
                Name = "tlsMode-disabled",
                Match = new Struct(),
                TransportSocket = TlsContexts.Plaintext(),
            });
        }
    }

    private static TransportSocket MutualTls(MeshModel model, ProxyProfile profile, ClusterTarget target) =>
        TlsContexts.Upstream(profile, model.Settings.MutualTls, PeerNames.Of(model, target.Service), target.Name.ToServerName());
}
