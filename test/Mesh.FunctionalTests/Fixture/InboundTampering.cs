using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>Changes inbound listeners on their way, so that they say what another control plane than ours would.</summary>
internal static class InboundTampering
{
    public static DiscoveryResponse Change(DiscoveryResponse response, Action<HttpConnectionManager> change)
    {
        for (var i = 0; i < response.Resources.Count; i++)
        {
            if (response.Resources[i].Is(Listener.Descriptor))
            {
                var listener = response.Resources[i].Unpack<Listener>();
                foreach (var chain in listener.FilterChains)
                {
                    var manager = chain.Filters[^1].TypedConfig.Unpack<HttpConnectionManager>();
                    change(manager);
                    chain.Filters[^1].TypedConfig = Any.Pack(manager);
                }

                response.Resources[i] = Any.Pack(listener);
            }
        }

        return response;
    }

    /// <summary>Changes the filter of this type, where there is one.</summary>
    public static void Filter<T>(this HttpConnectionManager manager, Action<HttpFilter, T> change)
        where T : IMessage<T>, new()
    {
        foreach (var filter in manager.HttpFilters)
        {
            if (filter.TypedConfig.TryUnpack<T>(out var config))
            {
                change(filter, config);
                filter.TypedConfig = Any.Pack(config);
            }
        }
    }
}
