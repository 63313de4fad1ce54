using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;
using Escaped = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.PathWithEscapedSlashesAction;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>The fields of an HttpConnectionManager that change a request's path or host before anything looks at them.</summary>
internal static class NormalizationDecoder
{
    public static HttpConnectionConfig? Decode(HttpConnectionConfig? http, HttpConnectionManager manager, DecodeContext context)
    {
        EscapedSlashes? slashes = manager.PathWithEscapedSlashesAction switch
        {
            Escaped.ImplementationSpecificDefault or Escaped.KeepUnchanged => EscapedSlashes.Keep,
            Escaped.RejectRequest => EscapedSlashes.Reject,
            Escaped.UnescapeAndForward => EscapedSlashes.Unescape,
            _ => null,
        };
        context.Refuse(slashes is null, "path_with_escaped_slashes_action");
        if (http is null)
        {
            return null;
        }

        return http with
        {
            PathNormalization = new PathNormalizationConfig(manager.NormalizePath == true, manager.MergeSlashes, slashes ?? EscapedSlashes.Reject),
            HostPort = manager.StripAnyHostPort ? HostPortStripping.Always
                : manager.StripMatchingHostPort ? HostPortStripping.Matching
                : HostPortStripping.Never,
            StripHostDot = manager.StripTrailingHostDot,
        };
    }

    /// <summary>An outbound call goes to the path that the app wrote.</summary>
    public static void Refuse(HttpConnectionManager manager, DecodeContext context)
    {
        context.Refuse(manager.NormalizePath == true, "normalize_path");
        context.Refuse(manager.MergeSlashes, "merge_slashes");
        context.Refuse(
            manager.PathWithEscapedSlashesAction is not (Escaped.ImplementationSpecificDefault or Escaped.KeepUnchanged),
            "path_with_escaped_slashes_action");
        context.Refuse(manager.StripMatchingHostPort, "strip_matching_host_port");
        context.Refuse(manager.StripAnyHostPort, "strip_any_host_port");
        context.Refuse(manager.StripTrailingHostDot, "strip_trailing_host_dot");
    }
}
