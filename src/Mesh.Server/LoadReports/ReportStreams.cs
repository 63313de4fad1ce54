using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Server.LoadReports;

/// <summary>
/// Tells callers the load on a stream (gRFC A51, "Out of Band Metrics Reporting"), behind the port's policies like any other request. A stream
/// ends when its caller goes or the app stops.
/// </summary>
internal sealed class ReportStreams(IInboundMesh mesh, LoadReporter reporter, IHostApplicationLifetime lifetime)
{
    /// <summary>Streams at a time: a caller has one for each connection of the mesh, and may open what it likes.</summary>
    private const int MaxStreams = 10_000;

    private int _open;

    public static bool IsAskedFor(HttpContext context) =>
        context.Request.Path == LoadReportStream.Path && HttpMethods.IsPost(context.Request.Method) && GrpcContentType.IsGrpc(context.Request.ContentType);

    public async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = GrpcContentType.Value;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        var open = Interlocked.Increment(ref _open);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            if (open > MaxStreams)
            {
                End(context, GrpcStatusCode.ResourceExhausted);
                return;
            }

            var (request, response) = (context.Request.Body, context.Response.Body);
            await LoadReportStream.ServeAsync(request, response, mesh.Options.LoadReports.MinimumInterval, reporter.Current, mesh.Time, ended.Token).ConfigureAwait(false);
            End(context, GrpcStatusCode.Ok);
        }
        catch (GrpcException e)
        {
            End(context, e.Status);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            End(context, GrpcStatusCode.Unavailable);
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to hear a status.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static void End(HttpContext context, GrpcStatusCode status)
    {
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        if (!context.Response.HasStarted)
        {
            context.Response.Headers["grpc-status"] = code;
        }
        else if (context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
        {
            trailers["grpc-status"] = code;
        }
    }
}
