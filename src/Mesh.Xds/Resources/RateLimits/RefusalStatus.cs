using Envoy.Type.V3;

namespace ProxylessMesh.Xds.Resources.RateLimits;

/// <summary>The status of refusals. Envoy takes its own for one that is no error (below 400).</summary>
internal static class RefusalStatus
{
    public static int Of(HttpStatus? status, int fallback, string field, DecodeContext context)
    {
        var code = (int)(status?.Code ?? StatusCode.Empty);
        if (code > 599)
        {
            context.Error(field, "is no status of HTTP");
        }

        return code < 400 ? fallback : code;
    }
}
