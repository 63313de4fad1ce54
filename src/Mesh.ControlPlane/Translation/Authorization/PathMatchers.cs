using Envoy.Config.Core.V3;
using Envoy.Config.Rbac.V3;
using Envoy.Extensions.Path.Match.UriTemplate.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Routing;
using PathMatcher = Envoy.Type.Matcher.V3.PathMatcher;
using StringMatcher = Envoy.Type.Matcher.V3.StringMatcher;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>
/// paths. Wide, they also take the spellings that ASP.NET's routing takes for the same: other letter case, and a slash at the
/// end. Istio's matchers do not, and a DENY of /admin would let /ADMIN through to the very handler it protects.
/// </summary>
internal static class PathMatchers
{
    public static IEnumerable<Permission> Of(string path, ProxyProfile profile, bool wide)
    {
        if (PathTemplates.IsTemplate(path))
        {
            return [profile == ProxyProfile.Grpc || wide ? Path(ValueMatchers.Pattern(Pattern(path, wide))) : Template(path)];
        }

        var text = ValueMatchers.Text(path);
        if (!wide || path == "*")
        {
            return [Path(text)];
        }

        text.IgnoreCase = true;
        if (path.EndsWith('*') || path.EndsWith('/'))
        {
            return [Path(text)];
        }

        var slashed = ValueMatchers.Text(path + "/");
        slashed.IgnoreCase = true;
        return [Path(text), Path(slashed)];
    }

    private static Permission Path(StringMatcher text) => new() { UrlPath = new PathMatcher { Path = text } };

    private static Permission Template(string path) => new()
    {
        UriTemplate = new TypedExtensionConfig
        {
            Name = "envoy.path.match.uri_template.uri_template_matcher",
            TypedConfig = Any.Pack(new UriTemplateMatchConfig { PathTemplate = PathTemplates.ToEnvoy(path) }),
        },
    };

    /// <summary>The template as a regular expression: gRPC knows no templates, and templates know their letter case.</summary>
    private static string Pattern(string path, bool wide)
    {
        var parts = PathTemplates.ToEnvoy(path).Split('/').Select(segment => segment switch
        {
            "*" => "[^/]+",
            "**" => ".*",
            _ => ValueMatchers.Quote(CanonicalPath.Of(segment)),
        });
        var pattern = string.Join('/', parts);
        return wide ? $"(?i){pattern}/?" : pattern;
    }
}
