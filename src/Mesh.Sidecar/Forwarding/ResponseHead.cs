using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>Status and headers of a response that was received, for the caller.</summary>
internal static class ResponseHead
{
    /// <exception cref="InvalidOperationException">A header holds characters that must not be sent.</exception>
    public static void Copy(HttpResponseMessage from, HttpContext context)
    {
        var to = context.Response;
        to.StatusCode = (int)from.StatusCode;
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = from.ReasonPhrase;
        }

        var connection = from.Headers.NonValidated.TryGetValues("Connection", out var tokens) ? new StringValues([.. tokens]) : StringValues.Empty;
        CopyHeaders(from.Headers.NonValidated, to.Headers, connection);
        CopyHeaders(from.Content.Headers.NonValidated, to.Headers, connection);

        // RFC 9110, section 8.6: neither has a length; Kestrel refuses to send one.
        if (from.StatusCode == HttpStatusCode.NoContent || (int)from.StatusCode < 200)
        {
            to.Headers.ContentLength = null;
        }

        if (to.SupportsTrailers() && from.Headers.NonValidated.TryGetValues("Trailer", out var announced))
        {
            to.Headers.Trailer = new StringValues([.. announced]);
        }
    }

    /// <summary>What has come behind the body.</summary>
    public static void CopyTrailers(HttpResponseMessage from, HttpResponse to)
    {
        if (!to.SupportsTrailers())
        {
            return;
        }

        foreach (var (name, values) in from.TrailingHeaders.NonValidated)
        {
            to.AppendTrailer(name, values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]));
        }
    }

    private static void CopyHeaders(HttpHeadersNonValidated from, IHeaderDictionary to, StringValues connection)
    {
        foreach (var (name, values) in from)
        {
            if (!HopByHop.Ends(name, connection))
            {
                to.Append(name, values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]));
            }
        }
    }
}
