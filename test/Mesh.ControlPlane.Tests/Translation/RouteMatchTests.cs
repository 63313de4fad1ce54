using Google.Protobuf;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Translation.Routes;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

public class RouteMatchTests
{
    public static TheoryData<string, string> Shapes => new()
    {
        { "nothing", """{ "prefix": "/" }""" },
        { "uri exact", """{ "path": "/a" }""" },
        { "uri prefix", """{ "prefix": "/a" }""" },
        { "uri prefix, any case", """{ "prefix": "/a", "caseSensitive": false }""" },
        { "uri regex, any case", """{ "safeRegex": { "regex": "/a.*" } }""" },
        { "uri regex *", """{ "prefix": "/" }""" },
        { "method", """{ "prefix": "/", "headers": [ { "name": ":method", "stringMatch": { "exact": "GET" } } ] }""" },
        { "authority", """{ "prefix": "/", "headers": [ { "name": ":authority", "stringMatch": { "prefix": "rev" } } ] }""" },
        { "scheme", """{ "prefix": "/", "headers": [ { "name": ":scheme", "stringMatch": { "exact": "http" } } ] }""" },
        { "header exact", """{ "prefix": "/", "headers": [ { "name": "end-user", "stringMatch": { "exact": "jason" } } ] }""" },
        { "header prefix", """{ "prefix": "/", "headers": [ { "name": "end-user", "stringMatch": { "prefix": "j" } } ] }""" },
        { "header regex", """{ "prefix": "/", "headers": [ { "name": "end-user", "stringMatch": { "safeRegex": { "regex": "j.*" } } } ] }""" },
        { "header present", """{ "prefix": "/", "headers": [ { "name": "end-user", "presentMatch": true } ] }""" },
        { "header regex *", """{ "prefix": "/", "headers": [ { "name": "end-user", "presentMatch": true } ] }""" },
        { "without exact", """{ "prefix": "/", "headers": [ { "name": "end-user", "invertMatch": true, "stringMatch": { "exact": "jason" }, "treatMissingHeaderAsEmpty": true } ] }""" },
        { "without present", """{ "prefix": "/", "headers": [ { "name": "end-user", "presentMatch": true, "invertMatch": true } ] }""" },
        { "query exact", """{ "prefix": "/", "queryParameters": [ { "name": "q", "stringMatch": { "exact": "1" } } ] }""" },
        { "query present", """{ "prefix": "/", "queryParameters": [ { "name": "q", "presentMatch": true } ] }""" },
        { "headers in any order", """{ "prefix": "/", "headers": [ { "name": "a", "presentMatch": true }, { "name": "b", "presentMatch": true } ] }""" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_match_in_the_mesh_profile(string which, string expected) =>
        AssertJson(expected, RouteMatchBuilder.Build(ProxyProfile.Mesh, Match(which)));

    [Theory]
    [InlineData("header exact", """{ "prefix": "/", "headers": [ { "name": "end-user", "exactMatch": "jason" } ] }""")]
    [InlineData("header prefix", """{ "prefix": "/", "headers": [ { "name": "end-user", "prefixMatch": "j" } ] }""")]
    [InlineData("header regex", """{ "prefix": "/", "headers": [ { "name": "end-user", "safeRegexMatch": { "regex": "j.*" } } ] }""")]
    [InlineData("header present", """{ "prefix": "/", "headers": [ { "name": "end-user", "presentMatch": true } ] }""")]
    public void Headers_for_grpc_use_the_fields_that_every_release_reads(string which, string expected) =>
        AssertJson(expected, RouteMatchBuilder.Build(ProxyProfile.Grpc, Match(which)));

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("uri regex *", true)]
    [InlineData("uri prefix", false)]
    [InlineData("method", false)]
    [InlineData("query present", false)]
    public void Only_a_match_of_every_request_is_a_catch_all(string which, bool expected) =>
        Assert.Equal(expected, RouteMatchBuilder.IsCatchAll(RouteMatchBuilder.Build(ProxyProfile.Mesh, Match(which))));

    private static HttpMatch Match(string which) => which switch
    {
        "uri exact" => Mesh.Match(uri: Mesh.Exact("/a")),
        "uri prefix" => Mesh.Match(uri: Mesh.Prefix("/a")),
        "uri prefix, any case" => Mesh.Match(uri: Mesh.Prefix("/a"), ignoreCase: true),
        "uri regex, any case" => Mesh.Match(uri: Mesh.Regex("/a.*"), ignoreCase: true),
        "uri regex *" => Mesh.Match(uri: Mesh.Regex("*")),
        "method" => Mesh.Match(method: Mesh.Exact("GET")),
        "authority" => Mesh.Match(authority: Mesh.Prefix("rev")),
        "scheme" => Mesh.Match(scheme: Mesh.Exact("http")),
        "header exact" => Mesh.Match(headers: [Mesh.Named("End-User", Mesh.Exact("jason"))]),
        "header prefix" => Mesh.Match(headers: [Mesh.Named("end-user", Mesh.Prefix("j"))]),
        "header regex" => Mesh.Match(headers: [Mesh.Named("end-user", Mesh.Regex("j.*"))]),
        "header present" => Mesh.Match(headers: [Mesh.Named("end-user")]),
        "header regex *" => Mesh.Match(headers: [Mesh.Named("end-user", Mesh.Regex("*"))]),
        "without exact" => Mesh.Match(without: [Mesh.Named("end-user", Mesh.Exact("jason"))]),
        "without present" => Mesh.Match(without: [Mesh.Named("end-user")]),
        "query exact" => Mesh.Match(query: [Mesh.Named("q", Mesh.Exact("1"))]),
        "query present" => Mesh.Match(query: [Mesh.Named("q")]),
        "headers in any order" => Mesh.Match(headers: [Mesh.Named("b"), Mesh.Named("a")]),
        _ => Mesh.Match(),
    };

    private static void AssertJson(string expected, IMessage actual) => Assert.Equal(expected, JsonFormatter.Default.Format(actual));
}
