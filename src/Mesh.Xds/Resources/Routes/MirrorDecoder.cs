using Google.Protobuf.Collections;
using ProxylessMesh.Xds.Config;
using MirrorPolicy = Envoy.Config.Route.V3.RouteAction.Types.RequestMirrorPolicy;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>
/// request_mirror_policies: those of the route, else of its virtual host, else of the configuration. trace_sampled only
/// tunes: mirrored requests make no spans.
/// </summary>
internal static class MirrorDecoder
{
    private const int Million = 1_000_000;

    public static MirrorDecoding Decode(RepeatedField<MirrorPolicy> policies, MirrorDecoding defaults, DecodeContext context)
    {
        if (policies.Count == 0)
        {
            return defaults;
        }

        var mirrors = new List<MirrorConfig>(policies.Count);
        string? unsupported = null;
        for (var i = 0; i < policies.Count; i++)
        {
            using (context.Enter("request_mirror_policies", i))
            {
                if (policies[i].ClusterHeader.Length > 0)
                {
                    unsupported = "a mirror's cluster_header";
                }
                else if (Decode(policies[i], context) is { PerMillion: > 0 } mirror)
                {
                    mirrors.Add(mirror);
                }
            }
        }

        return new MirrorDecoding(mirrors.ToEquatableArray(), unsupported);
    }

    private static MirrorConfig? Decode(MirrorPolicy policy, DecodeContext context)
    {
        if (policy.Cluster.Length == 0)
        {
            context.Error("cluster", "must not be empty");
            return null;
        }

        var host = policy.HostRewriteLiteral.Length > 0
            ? RewriteDecoder.Host(policy.HostRewriteLiteral, "host_rewrite_literal", context)
            : null;
        var share = RuntimeFraction.PerMillion(policy.RuntimeFraction, context) ?? Million;
        return new MirrorConfig(policy.Cluster, share, host, !policy.DisableShadowHostSuffixAppend);
    }
}
