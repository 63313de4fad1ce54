using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Retry.Host.PreviousHosts.V3;
using Envoy.Extensions.Retry.Priority.PreviousPriorities.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using BackOff = Envoy.Config.Route.V3.RetryPolicy.Types.RetryBackOff;
using HostPredicate = Envoy.Config.Route.V3.RetryPolicy.Types.RetryHostPredicate;

namespace ProxylessMesh.Xds.Tests.Resources.Routes;

/// <summary>gRFC A44 and Envoy's router filter page (x-envoy-retry-on).</summary>
public sealed class RetryPolicyDecoderTests
{
    private const string Policy = "virtual_hosts[0].routes[0].route.retry_policy";

    private static readonly Dictionary<string, (Action<RetryPolicy> Break, string Error)> Broken = new()
    {
        ["per try negative"] = (p => p.PerTryTimeout = new Duration { Seconds = -1 }, "per_try_timeout: must not be negative"),
        ["per try idle negative"] = (p => p.PerTryIdleTimeout = new Duration { Seconds = -1 }, "per_try_idle_timeout: must not be negative"),
        ["reselections negative"] = (p => p.HostSelectionRetryMaxAttempts = -1, "host_selection_retry_max_attempts: must not be negative"),
        ["priorities never"] = (p => p.RetryPriority = Priorities(0), "retry_priority.typed_config.update_frequency: must be more than 0"),
        ["no base"] = (p => p.RetryBackOff = new BackOff(), "retry_back_off.base_interval: is missing"),
        ["base 0"] = (p => p.RetryBackOff = new BackOff { BaseInterval = new Duration() }, "retry_back_off.base_interval: must be more than 0"),
        ["max below base"] = (
            p => p.RetryBackOff = new BackOff { BaseInterval = Seconds(2), MaxInterval = Seconds(1) }, "retry_back_off.max_interval: must not be less"),
        ["request header without name"] = (p => p.RetriableRequestHeaders.Add(new HeaderMatcher { PresentMatch = true }), "retriable_request_headers[0].name: "),
        ["no reset header"] = (p => p.RateLimitedRetryBackOff = new(), "rate_limited_retry_back_off.reset_headers: must not be empty"),
        ["no status"] = (p => p.RetriableStatusCodes.Add(42), "retriable_status_codes[1]: 42 is no HTTP status"),
    };

    private static readonly Dictionary<string, (Action<RetryPolicy> Change, string Reason)> Unsupported = new()
    {
        ["other predicate"] = (p => p.RetryHostPredicate.Add(new HostPredicate { Name = "omit_canary" }), "retry_host_predicate \"omit_canary\""),
        ["options"] = (p => p.RetryOptionsPredicates.Add(new TypedExtensionConfig()), "retry_options_predicates"),
        ["priorities"] = (p => p.RetryPriority = new RetryPolicy.Types.RetryPriority { Name = "p" }, "retry_priority \"p\""),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    public static TheoryData<string> UnsupportedNames => [.. Unsupported.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name) => AssertError(
        ResourceKinds.Route, IstioShapes.Routes(a => Broken[name].Break(a.RetryPolicy)), $"{Policy}.{Broken[name].Error}");

    [Theory]
    [MemberData(nameof(UnsupportedNames))]
    public void Cannot(string name)
    {
        var routes = IstioShapes.Routes(a => Unsupported[name].Change(a.RetryPolicy));

        Assert.Equal(
            new UnsupportedActionConfig($"{Unsupported[name].Reason} is not supported"),
            Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Action);
    }

    [Theory]
    [InlineData("5xx", "ServerError")]
    [InlineData("gateway-error", "GatewayError")]
    [InlineData("reset", "Reset")]
    [InlineData("reset-before-request", "ResetBeforeRequest")]
    [InlineData("connect-failure", "ConnectFailure")]
    [InlineData("refused-stream", "RefusedStream")]
    [InlineData("retriable-status-codes", "RetriableStatusCodes")]
    [InlineData("retriable-4xx", "Retriable4xx")]
    [InlineData("retriable-headers", "RetriableHeaders")]
    [InlineData("envoy-ratelimited", "EnvoyRateLimited")]
    [InlineData("cancelled", "GrpcCancelled")]
    [InlineData("deadline-exceeded", "GrpcDeadlineExceeded")]
    [InlineData("internal", "GrpcInternal")]
    [InlineData("resource-exhausted", "GrpcResourceExhausted")]
    [InlineData("unavailable", "GrpcUnavailable")]
    [InlineData(" Unavailable , 5XX,,unknown-word-of-some-longer-length-than-any", "ServerError, GrpcUnavailable")]
    public void Retry_on(string retryOn, string expected) => Assert.Equal(expected, Retry(p => p.RetryOn = retryOn)?.Conditions.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("http3-post-connect-failure,nonsense")]
    public void Nothing_known_to_retry_on_is_no_policy(string retryOn) => Assert.Null(Retry(p => p.RetryOn = retryOn));

    [Fact]
    public void Defaults() => Assert.Equal(
        new RetryPolicyConfig(RetryConditions.ServerError, [], 1, null, TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(250), false),
        Decoded(new RetryPolicy { RetryOn = "5xx" }, null));

    /// <summary>As Envoy, where gRFC A44 would refuse it.</summary>
    [Fact]
    public void No_retries_is_no_policy() => Assert.Null(Retry(p => p.NumRetries = 0));

    [Theory]
    [InlineData(0.1, null, 0.1, 1.0)]
    [InlineData(0.1, 0.2, 0.1, 0.2)]
    [InlineData(0.0001, null, 0.001, 0.01)]
    [InlineData(0.0001, 0.0002, 0.001, 0.001)]
    public void Back_off(double baseSeconds, double? maxSeconds, double expectedBase, double expectedMax)
    {
        var policy = Retry(p => p.RetryBackOff = new BackOff
        {
            BaseInterval = Seconds(baseSeconds),
            MaxInterval = maxSeconds is { } max ? Seconds(max) : null,
        });

        Assert.Equal((TimeSpan.FromSeconds(expectedBase), TimeSpan.FromSeconds(expectedMax)), (policy!.BaseInterval, policy.MaxInterval));
    }

    [Fact]
    public void Per_try_timeout()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), Retry(p => p.PerTryTimeout = Seconds(2))?.PerTryTimeout);
        Assert.Null(Retry(p => p.PerTryTimeout = new Duration())?.PerTryTimeout);
    }

    [Fact]
    public void The_previous_hosts_predicate_is_known_by_its_type_too() => Assert.True(Retry(p =>
    {
        p.RetryHostPredicate.Clear();
        p.RetryHostPredicate.Add(new HostPredicate { Name = "any name", TypedConfig = Packed(new PreviousHostsPredicate()) });
    })?.AvoidPreviousHosts);

    [Fact]
    public void Targets_of_retries()
    {
        var policy = Retry(p =>
        {
            p.RetryPriority = Priorities(2);
            p.HostSelectionRetryMaxAttempts = 7;
            p.PerTryIdleTimeout = Seconds(3);
        })!;

        Assert.Equal((2, 7, TimeSpan.FromSeconds(3)), (policy.PriorityUpdateFrequency, policy.HostSelectionAttempts, policy.PerTryIdleTimeout));
        Assert.Equal(100, Retry(p => p.HostSelectionRetryMaxAttempts = long.MaxValue)!.HostSelectionAttempts);
        Assert.Equal(1, Retry(p => p.HostSelectionRetryMaxAttempts = 0)!.HostSelectionAttempts);
    }

    [Fact]
    public void The_routes_policy_replaces_the_hosts()
    {
        var host = new RetryPolicy { RetryOn = "reset", NumRetries = 7 };

        Assert.Equal(7, Decoded(null, host)?.MaxRetries);
        Assert.Equal(RetryConditions.ServerError, Decoded(new RetryPolicy { RetryOn = "5xx" }, host)?.Conditions);
        Assert.Null(Decoded(new RetryPolicy(), host));
    }

    private static RetryPolicy.Types.RetryPriority Priorities(int frequency) =>
        new() { Name = "previous_priorities", TypedConfig = Packed(new PreviousPrioritiesConfig { UpdateFrequency = frequency }) };

    private static RetryPolicyConfig? Retry(Action<RetryPolicy> change) =>
        Action(IstioShapes.Routes(a => change(a.RetryPolicy))).Retry;

    private static RetryPolicyConfig? Decoded(RetryPolicy? route, RetryPolicy? host)
    {
        var routes = IstioShapes.Routes(a => a.RetryPolicy = route);
        routes.VirtualHosts[0].RetryPolicy = host;
        return Action(routes).Retry;
    }

    private static ForwardActionConfig Action(RouteConfiguration routes) =>
        Assert.IsType<ForwardActionConfig>(Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Action);
}
