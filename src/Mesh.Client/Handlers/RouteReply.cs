using System.Net;
using System.Text;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;

namespace ProxylessMesh.Client.Handlers;

/// <summary>The responses of routes that do not forward: direct responses, redirects, and actions that we cannot do.</summary>
internal static class RouteReply
{
    private const string Text = "text/plain; charset=utf-8";

    public static HttpResponseMessage Create(HttpRequestMessage request, RouteModel route)
    {
        var response = route switch
        {
            { DirectResponse: { Bytes.Count: > 0 } direct } =>
                LocalReply.Create(request, (HttpStatusCode)direct.Status, direct.Bytes.AsSpan().ToArray(), "application/octet-stream", Outcome(route, null)),
            { DirectResponse: { Body: "" } direct } => LocalReply.Create(request, (HttpStatusCode)direct.Status, [], null, Outcome(route, null)),
            { DirectResponse: { } direct } =>
                LocalReply.Create(request, (HttpStatusCode)direct.Status, Encoding.UTF8.GetBytes(direct.Body), Text, Outcome(route, direct.Body)),
            { Redirect: { } redirect } => LocalReply.Create(request, redirect.Status, [], null, Outcome(route, null)),
            _ => LocalReply.Create(
                request,
                HttpStatusCode.NotImplemented,
                new MeshOutcome(ResponseFlags.InvalidConfiguration, route.Name, null, null, 0, $"route \"{route.Name}\": {route.Unsupported}")),
        };
        if (route.Redirect is { } elsewhere)
        {
            response.Headers.TryAddWithoutValidation("Location", elsewhere.Location(request));
        }

        route.ReplyHeaders?.Apply(response);
        return response;
    }

    private static MeshOutcome Outcome(RouteModel route, string? reason) => new(ResponseFlags.None, route.Name, null, null, 0, reason);
}
