using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>spec.http[].redirect.</summary>
internal static class HttpRedirectReader
{
    private const int Permanent = 301;

    private static readonly EnumNames<bool> DerivedPorts = new(("FROM_PROTOCOL_DEFAULT", false), ("FROM_REQUEST_PORT", true));

    public static HttpRedirect Read(YamlObject item)
    {
        var uri = item.PathText("uri");
        var prefix = item.PathText("prefixRewrite");
        var authority = item.AuthorityText("authority");
        var port = item.Port("port");
        var scheme = item.String("scheme") is { Length: > 0 } text ? text.ToLowerInvariant() : null;
        var code = item.Int("redirectCode") ?? 0;
        if (item.Has("uri") && item.Has("prefixRewrite"))
        {
            item.Problems.Error(item.PositionOf("prefixRewrite"), ProblemCodes.Conflict, $"{item.Path} takes only one of uri and prefixRewrite");
        }

        if (item.Has("port") && item.Has("derivePort"))
        {
            item.Problems.Error(item.PositionOf("derivePort"), ProblemCodes.Conflict, $"{item.Path} takes only one of port and derivePort");
        }

        if (scheme is not (null or "http" or "https"))
        {
            item.Problems.Error(item.PositionOf("scheme"), ProblemCodes.InvalidValue, $"{item.PathOf("scheme")} {Quoted.Of(scheme)} is neither http nor https");
        }

        if (code is not (0 or Permanent or 302 or 303 or 307 or 308))
        {
            item.Problems.Error(item.PositionOf("redirectCode"), ProblemCodes.InvalidValue, $"{item.PathOf("redirectCode")} {code} is not a redirect: one of 301, 302, 303, 307, 308");
        }

        var fromRequest = item.Enum("derivePort", DerivedPorts, false);
        if (uri is null && prefix is null && authority is null && scheme is null && !item.Has("port") && !item.Has("derivePort"))
        {
            item.Problems.Error(item.Position, ProblemCodes.Missing, $"{item.Path} says nowhere to go: one of uri, prefixRewrite, authority, port and scheme");
        }

        item.Close(KnownFields.None);
        return new HttpRedirect(uri, prefix, authority, port, fromRequest, scheme, code == 0 ? Permanent : code);
    }
}
