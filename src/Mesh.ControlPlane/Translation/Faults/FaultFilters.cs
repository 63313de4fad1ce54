using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using Delay = Envoy.Extensions.Filters.Common.Fault.V3.FaultDelay;
using EnvoyAbort = Envoy.Extensions.Filters.Http.Fault.V3.FaultAbort;
using FaultAbort = ProxylessMesh.ControlPlane.Resources.FaultAbort;
using FaultDelay = ProxylessMesh.ControlPlane.Resources.FaultDelay;
using Route = Envoy.Config.Route.V3.Route;
using VirtualHost = Envoy.Config.Route.V3.VirtualHost;

namespace ProxylessMesh.ControlPlane.Translation.Faults;

/// <summary>The fault filter: empty in the chain of every outbound listener, and with settings where a route asks for them (as Istio does, gRFC A33).</summary>
internal static class FaultFilters
{
    private const string Name = "envoy.filters.http.fault";

    public static HttpFilter InChain() => new() { Name = Name, TypedConfig = Any.Pack(new HTTPFault()) };

    public static Route WithFault(this Route route, HttpFault? fault)
    {
        if (fault is not null)
        {
            route.TypedPerFilterConfig[Name] = Any.Pack(Build(fault));
        }

        return route;
    }

    /// <summary>For every route of the host that has no fault of its own: the more specific setting wins (gRFC A39).</summary>
    public static void WithFault(this VirtualHost host, HttpFault? fault)
    {
        if (fault is not null)
        {
            host.TypedPerFilterConfig[Name] = Any.Pack(Build(fault));
        }
    }

    private static HTTPFault Build(HttpFault fault) => new()
    {
        Delay = fault.Delay is { } delay ? Build(delay) : null,
        Abort = fault.Abort is { } abort ? Build(abort) : null,
    };

    private static Delay Build(FaultDelay delay) => new() { FixedDelay = delay.Duration.ToDuration(), Percentage = Share(delay.PerMillion) };

    private static EnvoyAbort Build(FaultAbort abort)
    {
        var result = new EnvoyAbort { Percentage = Share(abort.PerMillion) };
        if (abort.HttpStatus is { } http)
        {
            result.HttpStatus = (uint)http;
        }
        else
        {
            result.GrpcStatus = (uint)abort.GrpcStatus!.Value;
        }

        return result;
    }

    private static FractionalPercent Share(int perMillion) =>
        new() { Numerator = (uint)perMillion, Denominator = FractionalPercent.Types.DenominatorType.Million };
}
