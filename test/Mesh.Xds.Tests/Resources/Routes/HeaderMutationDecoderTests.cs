using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using AppendAction = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;

namespace ProxylessMesh.Xds.Tests.Resources.Routes;

/// <summary>base.proto, HeaderValueOption; Envoy, "Custom request/response headers".</summary>
public sealed class HeaderMutationDecoderTests
{
    private static readonly Dictionary<string, (Action<Route> Break, string Error)> Broken = new()
    {
        ["pseudo header"] = (r => r.RequestHeadersToAdd.Add(Option(":path", "/")), "request_headers_to_add[0]: \":path\" is no header that can be changed"),
        ["host"] = (r => r.RequestHeadersToRemove.Add("Host"), "request_headers_to_remove[0]: \"Host\" is no header that can be changed"),
        ["framing"] = (r => r.ResponseHeadersToAdd.Add(Option("Transfer-Encoding", "chunked")), "response_headers_to_add[0]: \"Transfer-Encoding\" is no header"),
        ["no token"] = (r => r.ResponseHeadersToRemove.Add("a b"), "response_headers_to_remove[0]: \"a b\" is no header"),
        ["no header"] = (r => r.RequestHeadersToAdd.Add(new HeaderValueOption()), "request_headers_to_add[0].header: is missing"),
        ["second line"] = (r => r.RequestHeadersToAdd.Add(Option("a", "b\r\nx: y")), "request_headers_to_add[0].header.value: holds a character"),
        ["no ASCII"] = (r => r.RequestHeadersToAdd.Add(Option("a", "\u00E4")), "request_headers_to_add[0].header.value: holds a character"),
        ["operator"] = (r => r.RequestHeadersToAdd.Add(Option("a", "%UPSTREAM_HOST%")), "request_headers_to_add[0].header.value: \"%UPSTREAM_HOST%\" has an operator"),
        ["lone sign"] = (r => r.RequestHeadersToAdd.Add(Option("a", "100%")), "request_headers_to_add[0].header.value: \"100%\" has an operator"),
        ["odd signs"] = (r => r.RequestHeadersToAdd.Add(Option("a", "%%%")), "request_headers_to_add[0].header.value: \"%%%\" has an operator"),
        ["both values"] = (
            r => r.RequestHeadersToAdd.Add(new HeaderValueOption { Header = new HeaderValue { Key = "a", Value = "b", RawValue = ByteString.CopyFromUtf8("c") } }),
            "request_headers_to_add[0].header.raw_value: must not stand beside value"),
        ["both ways to append"] = (
            r => r.RequestHeadersToAdd.Add(new HeaderValueOption { Header = new HeaderValue { Key = "a", Value = "b" }, Append = true, AppendAction = AppendAction.AddIfAbsent }),
            "request_headers_to_add[0].append: must not stand beside append_action"),
        ["unknown action"] = (r => r.RequestHeadersToAdd.Add(Option("a", "b", (AppendAction)9)), "request_headers_to_add[0].append_action: is not known"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var routes = IstioShapes.Routes();
        Broken[name].Break(routes.VirtualHosts[0].Routes[0]);

        AssertError(ResourceKinds.Route, routes, $"virtual_hosts[0].routes[0].{Broken[name].Error}");
    }

    [Fact]
    public void Removes_then_replaces_then_adds()
    {
        var headers = Headers(r =>
        {
            r.RequestHeadersToAdd.Add(Option("A", "100%%"));
            r.RequestHeadersToAdd.Add(Option("b", "1", AppendAction.AddIfAbsent));
            r.RequestHeadersToAdd.Add(Option("c", "2", AppendAction.OverwriteIfExistsOrAdd));
            r.RequestHeadersToAdd.Add(Option("d", "3", AppendAction.OverwriteIfExists));
            r.RequestHeadersToAdd.Add(new HeaderValueOption { Header = new HeaderValue { Key = "e", RawValue = ByteString.CopyFromUtf8("4") }, Append = false });
            r.RequestHeadersToAdd.Add(Option("dropped", ""));
            r.RequestHeadersToAdd.Add(new HeaderValueOption { Header = new HeaderValue { Key = "kept" }, KeepEmptyValue = true });
            r.RequestHeadersToRemove.Add("X-Old");
        });

        Assert.Equal(
            ["Remove x-old=", "Set c=2", "SetIfPresent d=3", "Set e=4", "Append a=100%", "AddIfAbsent b=1", "Append kept="],
            headers.Request.Select(Text));
        Assert.Empty(headers.Response);
    }

    [Theory]
    [InlineData(false, "Set x=route, Set x=host, Set x=config")]
    [InlineData(true, "Set x=config, Set x=host, Set x=route")]
    public void The_most_general_level_wins_unless_told_otherwise(bool mostSpecificWins, string expected)
    {
        var routes = IstioShapes.Routes();
        routes.MostSpecificHeaderMutationsWins = mostSpecificWins;
        routes.ResponseHeadersToAdd.Add(Option("x", "config", AppendAction.OverwriteIfExistsOrAdd));
        routes.VirtualHosts[0].ResponseHeadersToAdd.Add(Option("x", "host", AppendAction.OverwriteIfExistsOrAdd));
        routes.VirtualHosts[0].Routes[0].ResponseHeadersToAdd.Add(Option("x", "route", AppendAction.OverwriteIfExistsOrAdd));

        var entry = Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0];

        Assert.Equal(expected, string.Join(", ", entry.Headers.Response.Select(Text)));
        Assert.Equal(mostSpecificWins, entry.ClusterHeadersLast);
    }

    [Fact]
    public void A_weighted_cluster_has_its_own()
    {
        var routes = IstioShapes.Routes(a =>
        {
            a.WeightedClusters.Clusters[0].RequestHeadersToRemove.Add("x");
            a.WeightedClusters.Clusters[0].HostRewriteLiteral = "v1.example.com:80";
        });

        var cluster = Assert.IsType<ForwardActionConfig>(Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Action).Clusters[0];

        Assert.Equal("Remove x=", Text(Assert.Single(cluster.Headers.Request)));
        Assert.Equal("v1.example.com:80", cluster.HostRewrite);
    }

    [Fact]
    public void An_inbound_route_that_changes_headers_is_not_followed_without_doing_so()
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].Routes[0].NonForwardingAction = new NonForwardingAction();
        routes.VirtualHosts[0].RequestHeadersToRemove.Add("x");

        Assert.IsType<UnsupportedActionConfig>(Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Action);
    }

    private static HeaderMutationsConfig Headers(Action<Route> change)
    {
        var routes = IstioShapes.Routes();
        change(routes.VirtualHosts[0].Routes[0]);
        return Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Headers;
    }

    private static HeaderValueOption Option(string key, string value, AppendAction action = AppendAction.AppendIfExistsOrAdd) =>
        new() { Header = new HeaderValue { Key = key, Value = value }, AppendAction = action };

    private static string Text(HeaderMutationConfig change) => $"{change.Kind} {change.Name}={change.Value}";
}
