using Envoy.Config.Core.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Authorization;

namespace ProxylessMesh.Xds.Resources.Services;

/// <summary>GrpcService of a filter.</summary>
internal static class GrpcServiceDecoder
{
    public static GrpcServiceConfig? Decode(GrpcService? service, string field, DecodeContext context)
    {
        if (service?.EnvoyGrpc is not { } grpc)
        {
            context.Error(field, "needs envoy_grpc");
            return null;
        }

        using (context.Enter(field))
        {
            UnknownFields.Refuse(service, GrpcService.Parser, context);
            context.Refuse(grpc.Authority.Length > 0, "envoy_grpc.authority");
            var timeout = DurationReader.NotNegative(service.Timeout, "timeout", context);
            var metadata = new List<KeyValuePair<string, string>>();
            for (var i = 0; i < service.InitialMetadata.Count; i++)
            {
                var header = service.InitialMetadata[i];
                if (header.Key.Length == 0 || header.Value.AsSpan().ContainsAnyExceptInRange(' ', '~') || header.RawValue.Length > 0)
                {
                    context.Error("initial_metadata", "holds a name or value that gRPC cannot carry");
                    continue;
                }

                metadata.Add(new(header.Key.ToLowerInvariant(), header.Value));
            }

            return ServiceCluster.Decode(grpc.ClusterName, "envoy_grpc.cluster_name", context) is { } at
                ? new GrpcServiceConfig(at.Host, at.Port) { Timeout = timeout, Metadata = metadata.ToEquatableArray() }
                : null;
        }
    }
}
