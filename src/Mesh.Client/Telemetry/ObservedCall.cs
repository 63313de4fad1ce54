using System.Runtime.CompilerServices;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;

namespace ProxylessMesh.Client.Telemetry;

/// <summary>A call along a route while somebody listens to the metrics: counted when its response has ended.</summary>
internal static class ObservedCall
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        RouteModel route,
        ClusterState cluster,
        HttpMessageInvoker passThrough,
        CallContext context,
        CancellationToken cancellationToken)
    {
        var telemetry = context.Telemetry;
        var started = telemetry.Now;
        HttpResponseMessage response;
        try
        {
            response = await MeshCall.RunAsync(request, route, cluster, passThrough, context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            telemetry.Unanswered(request, cluster.Tags, e is OperationCanceledException, started);
            throw;
        }

        var isGrpc = LocalReply.IsGrpc(request);
        if (response.Content is LeasedContent content)
        {
            content.Observe(telemetry, response, isGrpc, started);
        }
        else
        {
            telemetry.Ended(response, cluster.Tags, (response.Content as IOutcomeCarrier)?.Outcome.Flags ?? ResponseFlags.None, isGrpc, started);
        }

        return response;
    }
}
