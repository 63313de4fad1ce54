using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;

namespace ProxylessMesh.Client.Calls;

/// <summary>
/// A call along a route that changes messages or mirrors them. All attempts send the changed request; the caller finds its own
/// as it was.
/// </summary>
internal static class EditedCall
{
    public static async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, RouteModel route, RouteEdits edits, HttpMessageInvoker passThrough, CallContext context, CancellationToken cancellationToken)
    {
        var cluster = route.Choose(request, context.Random, out var index);
        var backup = edits.Apply(request, index);
        try
        {
            edits.Mirror(request, context);
            var response = await MeshCall.SendAsync(request, route, cluster, passThrough, context, cancellationToken).ConfigureAwait(false);

            // What the mesh itself has to say is not the upstream's response, and is not dressed up as one.
            if (response.Content is not LocalReplyContent)
            {
                edits.Apply(response, index);
            }

            return response;
        }
        finally
        {
            backup?.Restore();
        }
    }
}
