using Envoy.Type.Matcher.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>New paths and hosts, of forwarded requests and of redirects. They are put into requests as they are, so they must fit.</summary>
internal static class RewriteDecoder
{
    /// <summary>Null when there is nothing to rewrite, or with an error.</summary>
    public static PathRewriteConfig? Path(string prefix, RegexMatchAndSubstitute? regex, DecodeContext context)
    {
        if (prefix.Length > 0 && regex is not null)
        {
            context.Error("regex_rewrite", "must not stand beside prefix_rewrite");
            return null;
        }

        if (prefix.Length > 0)
        {
            return IsPath(prefix, "prefix_rewrite", context) ? new PathRewriteConfig(prefix, null) : null;
        }

        return regex is null ? null : Regex(regex, context);
    }

    /// <summary>Whether text can stand in the path of a request: visible ASCII, and no fragment.</summary>
    public static bool IsPath(string path, string field, DecodeContext context)
    {
        if (MessageRules.IsPath(path))
        {
            return true;
        }

        context.Error(field, $"{DecodeContext.Quote(path)} cannot stand in a path");
        return false;
    }

    /// <summary>A host with or without a port; null with an error when it is none.</summary>
    public static string? Host(string host, string field, DecodeContext context)
    {
        if (MessageRules.IsHost(host))
        {
            return host;
        }

        context.Error(field, $"{DecodeContext.Quote(host)} is no host");
        return null;
    }

    private static PathRewriteConfig? Regex(RegexMatchAndSubstitute regex, DecodeContext context)
    {
        var pattern = regex.Pattern?.Regex ?? "";
        using (context.Enter("regex_rewrite"))
        {
            if (pattern.Length == 0)
            {
                context.Error("pattern", "regex must not be empty");
                return null;
            }

            if (!IsPath(regex.Substitution, "substitution", context))
            {
                return null;
            }

            if (!RegexRewriter.TryCreate(pattern, regex.Substitution, out _, out var error))
            {
                context.Error($"{error}: {DecodeContext.Quote(pattern)}");
                return null;
            }
        }

        return new PathRewriteConfig(null, new RegexRewriteConfig(pattern, regex.Substitution));
    }
}
