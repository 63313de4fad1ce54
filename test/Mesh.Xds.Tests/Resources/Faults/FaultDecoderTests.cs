using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Common.Fault.V3;
using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Type.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;

namespace ProxylessMesh.Xds.Tests.Resources.Faults;

/// <summary>gRFC A33 and, for overrides, gRFC A39.</summary>
public sealed class FaultDecoderTests
{
    private const string Name = "envoy.filters.http.fault";
    private const string Path = "virtual_hosts[0].routes[0].typed_per_filter_config.envoy.filters.http.fault";

    private static readonly Dictionary<string, (HTTPFault Fault, string Error)> Broken = new()
    {
        ["no delay inside"] = (new HTTPFault { Delay = new FaultDelay() }, $"{Path}.delay.fixed_delay: is missing"),
        ["delay of nothing"] = (new HTTPFault { Delay = new FaultDelay { FixedDelay = Seconds(0) } }, $"{Path}.delay.fixed_delay: must be more than 0"),
        ["no status"] = (new HTTPFault { Abort = new FaultAbort() }, $"{Path}.abort.error_type: is missing"),
        ["status too low"] = (new HTTPFault { Abort = new FaultAbort { HttpStatus = 199 } }, $"{Path}.abort.http_status: must be 200 to 599"),
        ["status too high"] = (new HTTPFault { Abort = new FaultAbort { HttpStatus = 600 } }, $"{Path}.abort.http_status: must be 200 to 599"),
        ["no gRPC status"] = (new HTTPFault { Abort = new FaultAbort { GrpcStatus = 17 } }, $"{Path}.abort.grpc_status: must be 0 to 16"),
        ["unknown denominator"] = (
            new HTTPFault { Abort = new FaultAbort { HttpStatus = 500, Percentage = new FractionalPercent { Denominator = (FractionalPercent.Types.DenominatorType)9 } } },
            $"{Path}.abort.percentage.denominator: is not known"),
        ["slow responses"] = (new HTTPFault { ResponseRateLimit = new FaultRateLimit() }, $"{Path}.response_rate_limit: is not supported"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name) =>
        AssertError(ResourceKinds.Route, With(Broken[name].Fault), Broken[name].Error);

    [Fact]
    public void ReadsDelayAndAbortOfARoute()
    {
        var fault = Fault(With(new HTTPFault
        {
            Delay = new FaultDelay { FixedDelay = Seconds(1.5), Percentage = new FractionalPercent { Numerator = 25 } },
            Abort = new FaultAbort { GrpcStatus = 14, Percentage = new FractionalPercent { Numerator = 7, Denominator = FractionalPercent.Types.DenominatorType.TenThousand } },
            MaxActiveFaults = 3,
            UpstreamCluster = "a",
            DownstreamNodes = { "n" },
        }));

        Assert.Equal(
            new FaultConfig(
                new FaultDelayConfig(TimeSpan.FromSeconds(1.5), new FractionConfig(25, 100)),
                new FaultAbortConfig(null, 14, new FractionConfig(7, 10_000)),
                3,
                "a",
                [],
                ["n"]),
            fault);
    }

    [Fact]
    public void AMissingPercentageIsNever() =>
        Assert.Equal(0u, Fault(With(new HTTPFault { Abort = new FaultAbort { HttpStatus = 500 } }))!.Abort!.Share.Numerator);

    [Fact]
    public void ARouteCanSwitchTheFilterOff()
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].Routes[0].TypedPerFilterConfig[Name] = Packed(new FilterConfig { Disabled = true });

        Assert.Null(Fault(routes));
    }

    [Fact]
    public void AnOverrideCanBeWrapped()
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].Routes[0].TypedPerFilterConfig[Name] =
            Packed(new FilterConfig { Config = Packed(new HTTPFault { Abort = new FaultAbort { HttpStatus = 500 } }) });

        Assert.Equal(500, Fault(routes)!.Abort!.HttpStatus);
    }

    private static RouteConfiguration With(HTTPFault fault)
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].Routes[0].TypedPerFilterConfig[Name] = Packed(fault);
        return routes;
    }

    private static FaultConfig? Fault(RouteConfiguration routes)
    {
        var filter = Assert.Single(Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].FilterOverrides);
        Assert.Equal(Name, filter.Name);
        return Assert.IsType<FaultFilterConfig>(filter).Fault;
    }
}
