using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>Makes the request that is sent of the one that was received.</summary>
internal static class RequestHead
{
    private static readonly UriCreationOptions s_asReceived = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Null: its target cannot be forwarded.</summary>
    /// <param name="context">What was received.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="upgrade">The protocol to switch to, or null.</param>
    /// <param name="body">Its body, or null.</param>
    public static HttpRequestMessage? Create(HttpContext context, ForwardDestination destination, string? upgrade, ForwardedBody? body)
    {
        var target = RequestTarget.PathAndQuery(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (target is null || !Uri.TryCreate(destination.Prefix + target, destination.KeepsTarget ? s_asReceived : default, out var uri)
            || uri.UserInfo.Length > 0)
        {
            return null;
        }

        var request = new HttpRequestMessage(upgrade is null ? HttpMethod.Parse(context.Request.Method) : HttpMethod.Get, uri)
        {
            Version = upgrade is null ? destination.Version : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        CopyHeaders(context.Request.Headers, request);
        if (upgrade is not null)
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", upgrade);
        }
        else if (destination.Version.Major == 2 && HopByHop.HasToken(context.Request.Headers.TE, "trailers"))
        {
            // The one value that HTTP/2 has (RFC 9113, section 8.2.2), and gRPC asks for.
            request.Headers.TryAddWithoutValidation("TE", "trailers");
        }

        return request;
    }

    public static bool IsAscii(IHeaderDictionary headers)
    {
        foreach (var (_, values) in headers)
        {
            for (var i = 0; i < values.Count; i++)
            {
                if (values[i] is { } value && !Ascii.IsValid(value))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void CopyHeaders(IHeaderDictionary headers, HttpRequestMessage request)
    {
        var connection = headers.Connection;
        foreach (var (name, values) in headers)
        {
            // HTTP/2's pseudo headers are no headers.
            if (name.StartsWith(':') || HopByHop.Ends(name, connection))
            {
                continue;
            }

            // RFC 9113, section 8.2.3: crumbs of a cookie are one line elsewhere, and no list with commas.
            if (values.Count > 1 && name.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.TryAddWithoutValidation(name, string.Join("; ", values.ToArray()));
            }
            else if (values.Count == 1)
            {
                Add(request, name, values.ToString());
            }
            else
            {
                Add(request, name, values.ToArray());
            }
        }
    }

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            ContentOf(request).Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static void Add(HttpRequestMessage request, string name, string?[] values)
    {
        if (!request.Headers.TryAddWithoutValidation(name, values))
        {
            ContentOf(request).Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>HttpClient keeps Content-Type and its like with the body, also where there is none.</summary>
    private static HttpContent ContentOf(HttpRequestMessage request) => request.Content ??= new ByteArrayContent([]);
}
