using System.Globalization;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.ExternalAuthorization;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.ExternalAuthorization;

/// <summary>
/// Asks over HTTP: the request without its body, under a prefix of the path. 200 allows, 5xx is no answer, everything else refuses
/// and is what the client gets (ext_authz.proto, HttpService).
/// </summary>
internal sealed class HttpAuthorizer(HttpMessageInvoker invoker, ExternalAuthorizationConfig config, TimeProvider time) : IAuthorizer
{
    private const int MaxBody = 64 * 1024;

    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpAuthorizerConfig _http = config.Http!;
    private readonly AnswerHeaders _answers = new(config.Http!);

    public async Task<AuthorizationVerdict> AskAsync(AuthorizationInquiry inquiry, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(config.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = Request(inquiry);
        try
        {
            using var response = await invoker.SendAsync(request, either.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            return status >= 500
                ? throw new AuthorizerException(string.Create(CultureInfo.InvariantCulture, $"it answers {status}"))
                : status == 200 ? _answers.Allowed(response)
                : _answers.Denied(response, await BodyAsync(response, either.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new AuthorizerException(e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AuthorizerException("no answer in time", e);
        }
    }

    private HttpRequestMessage Request(AuthorizationInquiry inquiry)
    {
        // The service must decide about the path that the app sees, so nothing may tidy it up on the way.
        if (!MessageRules.IsPath(inquiry.PathAndQuery)
            || !Uri.TryCreate(string.Create(CultureInfo.InvariantCulture, $"http://{_http.Host}:{_http.Port}{_http.PathPrefix}{inquiry.PathAndQuery}"), AsItIs, out var uri))
        {
            throw new AuthorizerException("the request's path cannot be put to the service");
        }

        var request = new HttpRequestMessage(new HttpMethod(inquiry.Method), uri);
        if (inquiry.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
        }

        request.Headers.TryAddWithoutValidation("x-forwarded-host", inquiry.Host);
        foreach (var (name, value) in inquiry.Headers)
        {
            Set(request, name, value);
        }

        foreach (var (name, value) in _http.AddedHeaders)
        {
            Set(request, name, value);
        }

        return request;
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        // Those of the message itself are its own.
        if (!MessageRules.IsChangeableHeader(name) || name is "upgrade" or "te" or "trailer" or "keep-alive" or "proxy-connection" or "expect")
        {
            return;
        }

        request.Headers.Remove(name);
        if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[MaxBody + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return length <= MaxBody ? buffer[..length] : throw new AuthorizerException($"its answer is longer than {MaxBody} bytes");
    }
}
