using System.Net;
using ProxylessMesh.Client;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Sidecar.Gateway;

/// <summary>
/// Calls along the routes of one server: with the scheme that the caller wrote, and with answers that tell strangers nothing. What the
/// mesh has to say about a call that failed names routes and services; it goes to the log.
/// </summary>
internal sealed partial class GatewayCalls(HttpMessageHandler routes, string scheme, LogThrottle throttle, ILogger logger) : DelegatingHandler(routes)
{
    private const string GrpcMessage = "grpc-message";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestScheme.Set(request, scheme);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.Content is LocalReplyContent && response.GetMeshOutcome() is { Flags: not ResponseFlags.None, Reason: { } reason })
        {
            if (throttle.TryPass(out var suppressed))
            {
                Log.Answered(logger, (int)response.StatusCode, request.Method, BoundedText.Shorten(request.RequestUri!.AbsolutePath), reason, suppressed);
            }

            Silence(response);
        }

        return response;
    }

    private static void Silence(HttpResponseMessage response)
    {
        var sentence = Sentence(response.StatusCode);
        if (response.Headers.Remove(GrpcMessage))
        {
            response.Headers.TryAddWithoutValidation(GrpcMessage, sentence);
            return;
        }

        var type = response.Content.Headers.ContentType;
        response.Content.Dispose();
        response.Content = new StringContent(sentence + "\n") { Headers = { ContentType = type } };
    }

    private static string Sentence(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => "There is nothing here",
        HttpStatusCode.GatewayTimeout => "The service did not answer in time",
        HttpStatusCode.ServiceUnavailable => "The service is not available",
        _ => $"The gateway answers {(int)status}",
    };

    private static partial class Log
    {
        [LoggerMessage(5501, LogLevel.Information, "Answered {Status} to {Method} {Path}: {Reason} ({Suppressed} more since the last line)")]
        public static partial void Answered(ILogger logger, int status, HttpMethod method, string path, string reason, int suppressed);
    }
}
