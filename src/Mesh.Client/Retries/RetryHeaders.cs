using ProxylessMesh.Client.Routing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Retries;

/// <summary>A retry policy's conditions on headers, compiled (retriable_headers, retriable_request_headers).</summary>
internal sealed class RetryHeaders
{
    private readonly HeaderMatcher[] _response;
    private readonly HeaderMatcher[] _request;

    private RetryHeaders(RetryPolicyConfig policy)
    {
        _response = [.. policy.RetriableHeaders.Select(m => new HeaderMatcher(m))];
        _request = [.. policy.RetriableRequestHeaders.Select(m => new HeaderMatcher(m))];
    }

    /// <summary>Null when the policy has no such conditions.</summary>
    public static RetryHeaders? Of(RetryPolicyConfig? policy) =>
        policy is { RetriableHeaders.Count: > 0 } or { RetriableRequestHeaders.Count: > 0 } ? new RetryHeaders(policy) : null;

    /// <summary>Whether the request may be retried at all: it has one of the headers, or none is asked for.</summary>
    public bool Allow(HttpRequestMessage request)
    {
        var view = new HttpRequestView(request, request.RequestUri!.Authority);
        foreach (var matcher in _request)
        {
            if (matcher.Matches(in view))
            {
                return true;
            }
        }

        return _request.Length == 0;
    }

    /// <summary>Whether one of the response's headers asks for a retry.</summary>
    public bool Match(HttpResponseMessage response)
    {
        var view = new ResponseHeadersView(response);
        foreach (var matcher in _response)
        {
            if (matcher.Matches(in view))
            {
                return true;
            }
        }

        return false;
    }
}
