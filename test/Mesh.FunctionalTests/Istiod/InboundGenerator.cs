using System.Collections.Immutable;
using System.Net;
using Envoy.Config.Listener.V3;
using Envoy.Config.Rbac.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using HttpFilter = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter;
using RbacFilter = Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>Inbound listeners as grpcgen writes them: only for ports that a Service targets, no listener filters, no matches, RBAC inline.</summary>
internal static class InboundGenerator
{
    private const string Prefix = "xds.istio.io/grpc/lds/inbound/";

    public static HttpFilter Router => new() { Name = "envoy.filters.http.router", TypedConfig = Any.Pack(new Router()) };

    public static Listener? Listener(IstioMesh mesh, IstioNode node, string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)
            || !IPEndPoint.TryParse(name[Prefix.Length..], out var address)
            || !mesh.Services.Any(s => s.Name == node.Account && s.Endpoints.Any(e => e.Address.Port == address.Port)))
        {
            return null;
        }

        // PERMISSIVE: what the workload's label promises to callers, for gRPC cannot do both on one port.
        return new Listener
        {
            Name = name,
            Address = ProxylessGenerator.Socket(address.Address, address.Port),
            FilterChains = { Chain(mesh, node.AcceptsMutualTls) },
        };
    }

    private static FilterChain Chain(IstioMesh mesh, bool mutualTls)
    {
        var suffix = mutualTls ? "mtls" : "plaintext";
        var manager = new HttpConnectionManager
        {
            RouteConfig = new RouteConfiguration
            {
                Name = "inbound",
                VirtualHosts =
                {
                    new VirtualHost
                    {
                        Domains = { "*" },
                        Routes = { new Route { Match = new RouteMatch { Prefix = "/" }, NonForwardingAction = new NonForwardingAction() } },
                    },
                },
            },
        };
        manager.HttpFilters.AddRange([.. Rbac("envoy.filters.http.rbac.DENY", RBAC.Types.Action.Deny, mesh.Deny), .. Rbac("envoy.filters.http.rbac", RBAC.Types.Action.Allow, mesh.Allow), Router]);
        return new FilterChain
        {
            Name = $"inbound-{suffix}",
            TransportSocket = mutualTls ? IstioTls.Downstream(mesh) : null,
            Filters = { new Filter { Name = $"inbound-hcm{suffix}", TypedConfig = Any.Pack(manager) } },
        };
    }

    private static IEnumerable<HttpFilter> Rbac(string name, RBAC.Types.Action action, ImmutableSortedDictionary<string, Policy> policies)
    {
        if (!policies.IsEmpty)
        {
            var rules = new RBAC { Action = action };
            rules.Policies.Add(policies);
            yield return new HttpFilter { Name = name, TypedConfig = Any.Pack(new RbacFilter { Rules = rules }) };
        }
    }
}
