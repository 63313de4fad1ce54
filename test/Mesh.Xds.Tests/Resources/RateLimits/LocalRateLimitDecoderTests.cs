using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Common.Ratelimit.V3;
using Envoy.Extensions.Filters.Http.LocalRatelimit.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.RateLimitDescriptors.Expr.V3;
using Envoy.Type.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.Listeners;
using ProxylessMesh.Xds.Resources.RateLimits;
using Action = Envoy.Config.Route.V3.RateLimit.Types.Action;

namespace ProxylessMesh.Xds.Tests.Resources.RateLimits;

public sealed class LocalRateLimitDecoderTests
{
    private static readonly Dictionary<string, (LocalRateLimit Limits, string Error)> Broken = new()
    {
        ["no prefix"] = (new LocalRateLimit(), "stat_prefix: must not be empty"),
        ["stage"] = (With(l => l.Stage = 1), "stage: is not supported"),
        ["cluster share"] = (With(l => l.LocalClusterRateLimit = new()), "local_cluster_rate_limit: is not supported"),
        ["no tokens"] = (With(l => l.TokenBucket = Bucket(0, 1)), "max_tokens: must be more than 0"),
        ["no fill"] = (With(l => l.TokenBucket = new TokenBucket { MaxTokens = 1, TokensPerFill = 0, FillInterval = Seconds(1) }), "tokens_per_fill: must be more than 0"),
        ["no interval"] = (With(l => l.TokenBucket = new TokenBucket { MaxTokens = 1 }), "fill_interval: must be 50 ms at least"),
        ["too fast"] = (With(l => l.TokenBucket = new TokenBucket { MaxTokens = 1, FillInterval = new Duration { Nanos = 1 } }), "fill_interval: must be 50 ms at least"),
        ["too many callers"] = (With(l => l.MaxDynamicDescriptors = uint.MaxValue), "max_dynamic_descriptors: must be 1 to 1000000"),
        ["no bucket"] = (With(l => l.Descriptors.Add(new LocalRateLimitDescriptor { Entries = { Entry("a") } })), "descriptors[0].token_bucket: is missing"),
        ["no entries"] = (With(l => l.Descriptors.Add(new LocalRateLimitDescriptor { TokenBucket = Bucket(1, 1) })), "descriptors[0].entries: must have 1 to 10 entries"),
        ["twice"] = (With(l => l.Descriptors.Add([Descriptor("a"), Descriptor("a")])), "descriptors[1].entries: stand in another descriptor, too"),
        ["many descriptors"] = (With(l => l.Descriptors.Add(Enumerable.Range(0, 1001).Select(i => Descriptor($"{i}")))), "at most 1000"),
        ["many rules"] = (With(l => l.RateLimits.Add(Enumerable.Range(0, 1001).Select(_ => new RateLimit()))), "at most 1000"),
        ["no action"] = (Rule(), "actions: must have 1 to 10 entries"),
        ["many actions"] = (Rule([.. Enumerable.Repeat(new Action { RemoteAddress = new() }, 11)]), "actions: must have 1 to 10 entries"),
        ["unset action"] = (Rule(new Action()), "actions[0].action_specifier: is missing"),
        ["source cluster"] = (Rule(new Action { SourceCluster = new() }), "of a kind that is not supported"),
        ["empty header"] = (Rule(new Action { RequestHeaders = new() { DescriptorKey = "k" } }), "header_name: must not be empty"),
        ["mask"] = (Rule(new Action { MaskedRemoteAddress = new() { V4PrefixMaskLen = 33 } }), "v4_prefix_mask_len: must be at most 32"),
        ["match nothing"] = (Rule(new Action { HeaderValueMatch = new() { DescriptorValue = "v" } }), "header_value_match.headers: must not be empty"),
        ["expression"] = (Rule(Expression("request.host")), "of expressions, only connection.uri_san_peer_certificate"),
        ["extension"] = (Rule(new Action { Extension = new TypedExtensionConfig { TypedConfig = Any.Pack(new Empty()) } }), "must have type envoy.extensions.rate_limit_descriptors"),
        ["not a message"] = (Rule(new Action { Extension = new TypedExtensionConfig { TypedConfig = new Any { TypeUrl = "a/" + PeerExpression.TypeName, Value = ByteString.CopyFrom(255) } } }), "not a valid message"),
        ["status"] = (With(l => l.Status = new HttpStatus { Code = (StatusCode)700 }), "status: is no status of HTTP"),
        ["header"] = (With(l => l.ResponseHeadersToAdd.Add(new HeaderValueOption { Header = new HeaderValue { Key = "host", Value = "x" } })), "is no header that can be changed"),
        ["later version"] = (LocalRateLimit.Parser.ParseFrom([.. With(_ => { }).ToByteArray(), 0xB8, 0x3E, 0x01]), "fields that this version does not know"),
    };

    public static TheoryData<string> Names => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_not_understood_is_an_error(string name)
    {
        var context = new DecodeContext();
        LocalRateLimitDecoder.Decode(Broken[name].Limits, context);

        Assert.Contains(context.Errors, e => e.Contains(Broken[name].Error, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_action_is_read()
    {
        var limits = Rule(
            new Action { GenericKey = new() { DescriptorValue = "v" } },
            new Action { RequestHeaders = new() { DescriptorKey = "h", HeaderName = "X-User", SkipIfAbsent = true } },
            new Action { RemoteAddress = new() },
            new Action { MaskedRemoteAddress = new() { V4PrefixMaskLen = 24 } },
            Expression(PeerExpression.Id),
            Expression(PeerExpression.IdOrNone),
            new Action { HeaderValueMatch = new() { DescriptorValue = "yes", ExpectMatch = false, Headers = { new HeaderMatcher { Name = "x", PresentMatch = true } } } });
        var context = new DecodeContext();

        var decoded = LocalRateLimitDecoder.Decode(limits, context);

        Assert.Empty(context.Errors);
        Assert.Equal(
            [
                new GenericKeyActionConfig("generic_key", "v"),
                new HeaderActionConfig("h", "x-user", SkipIfAbsent: true),
                new RemoteAddressActionConfig("remote_address"),
                new RemoteAddressActionConfig("masked_remote_address", 24) { IsNetwork = true },
                new PeerActionConfig("peer", null, SkipIfAbsent: false),
                new PeerActionConfig("peer", "none", SkipIfAbsent: false),
                new HeaderMatchActionConfig("header_match", "yes", false, [new HeaderMatchConfig("x", null, null, true)]),
            ],
            decoded.Rules.Single().Actions);
    }

    [Fact]
    public void Without_shares_it_is_off_and_a_status_below_400_is_429()
    {
        var context = new DecodeContext();
        var decoded = LocalRateLimitDecoder.Decode(With(l => l.Status = new HttpStatus { Code = StatusCode.Ok }), context);

        Assert.Equal((0, 0, 429), (decoded.EnabledPerMillion, decoded.EnforcedPerMillion, decoded.Status));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void The_override_of_the_only_route_counts(int routes, bool good)
    {
        var host = new VirtualHost { Name = "all", Domains = { "*" } };
        for (var i = 0; i < routes; i++)
        {
            host.Routes.Add(new Route
            {
                Match = new RouteMatch { Prefix = "/" },
                NonForwardingAction = new NonForwardingAction(),
                TypedPerFilterConfig = { ["limit"] = Any.Pack(With(l => l.TokenBucket = Bucket(7, 7))) },
            });
        }

        var context = new DecodeContext();
        var decoded = HttpConnectionDecoder.Decode(
            new HttpConnectionManager
            {
                RouteConfig = new RouteConfiguration { Name = "r", VirtualHosts = { host } },
                HttpFilters =
                {
                    new HttpFilter { Name = "limit", TypedConfig = Any.Pack(With(_ => { })) },
                    new HttpFilter { Name = "router", TypedConfig = Any.Pack(new Envoy.Extensions.Filters.Http.Router.V3.Router()) },
                },
            },
            ListenerSide.Inbound,
            context);

        Assert.Equal(good, context.Errors.Count == 0);
        Assert.Equal(
            7u, Assert.IsType<LocalRateLimitFilterConfig>(decoded!.InlineRoutes!.VirtualHosts[0].Routes[0].FilterOverrides.Single()).Limits!.Default!.MaxTokens);
    }

    private static LocalRateLimit With(System.Action<LocalRateLimit> change)
    {
        var limits = new LocalRateLimit { StatPrefix = "s" };
        change(limits);
        return limits;
    }

    private static LocalRateLimit Rule(params Action[] actions) => With(l => l.RateLimits.Add(new RateLimit { Actions = { actions } }));

    private static Action Expression(string text) => new()
    {
        Extension = new TypedExtensionConfig
        {
            Name = "e",
            TypedConfig = new Any { TypeUrl = "type.googleapis.com/" + PeerExpression.TypeName, Value = new DescriptorExpression { DescriptorKey = "peer", Text = text }.ToByteString() },
        },
    };

    private static LocalRateLimitDescriptor Descriptor(string key) => new() { Entries = { Entry(key) }, TokenBucket = Bucket(1, 1) };

    private static RateLimitDescriptor.Types.Entry Entry(string key) => new() { Key = key };

    private static TokenBucket Bucket(uint max, int seconds) => new() { MaxTokens = max, FillInterval = Seconds(seconds) };

    private static Duration Seconds(int seconds) => new() { Seconds = seconds };
}
