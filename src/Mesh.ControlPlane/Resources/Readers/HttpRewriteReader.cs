using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>spec.http[].rewrite.</summary>
internal static class HttpRewriteReader
{
    public static HttpRewrite Read(YamlObject item)
    {
        var uri = item.PathText("uri");
        var authority = item.AuthorityText("authority");
        string? pattern = null;
        var substitution = "";
        if (item.Object("uriRegexRewrite") is { } regex)
        {
            pattern = regex.RequiredString("match");
            regex.ReportIfMissing("rewrite");
            substitution = regex.PathText("rewrite") ?? "";
            if (pattern is not null && !RegexRewriter.TryCreate(pattern, substitution, out _, out var error))
            {
                regex.Problems.Error(regex.Position, ProblemCodes.InvalidRegex, $"{regex.Path}: {Quoted.Escape(error, maxLength: 300)}", "RE2 syntax: no look-around, no back-references; groups in the rewrite are \\1 to \\9");
            }

            regex.Close(KnownFields.None);
        }

        if (item.Has("uri") && item.Has("uriRegexRewrite"))
        {
            item.Problems.Error(item.PositionOf("uriRegexRewrite"), ProblemCodes.Conflict, $"{item.Path} takes only one of uri and uriRegexRewrite");
        }

        if (!item.Has("uri") && !item.Has("authority") && !item.Has("uriRegexRewrite"))
        {
            item.Problems.Error(item.Position, ProblemCodes.Missing, $"{item.Path} needs one of uri, authority and uriRegexRewrite");
        }

        item.Close(KnownFields.None);
        return new HttpRewrite(uri, authority, pattern, substitution);
    }
}
