using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ProxylessMesh.Client;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Server.LoadReports;

/// <summary>Counts what the app serves and tells the load with the response (gRFC A51, "Per-Query Metrics Reporting"). Only on ports of the mesh.</summary>
internal sealed class LoadReporting(IInboundMesh mesh, LoadReporter reporter, ReportStreams streams)
{
    private const string GrpcStatusHeader = "grpc-status";
    private const string GrpcOk = "0";

    private readonly LoadReportOptions _options = mesh.Options.LoadReports;

    /// <summary>Where nothing is to be told, the app itself.</summary>
    public RequestDelegate Around(RequestDelegate next) => _options is { InResponses: false, OutOfBand: false } ? next : context => InvokeAsync(context, next);

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<InboundConnection>() is null)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        if (_options.OutOfBand && ReportStreams.IsAskedFor(context))
        {
            await streams.ServeAsync(context).ConfigureAwait(false);
            return;
        }

        var isGrpc = GrpcContentType.IsGrpc(context.Request.ContentType);
        if (_options.InResponses && !isGrpc)
        {
            context.Response.OnStarting(static state => ((Starting)state).Tell(), new Starting(this, context));
        }

        var failed = true;
        try
        {
            await next(context).ConfigureAwait(false);
            failed = HasFailed(context);
        }
        finally
        {
            reporter.Measured.Count(failed);
        }

        if (_options.InResponses && isGrpc)
        {
            TellAtEnd(context);
        }
    }

    private string Header(HttpContext context) =>
        context.Features.Get<LoadValues>() is { } told ? reporter.Header(told) : reporter.Header();

    /// <summary>Where the status is: a response whose headers hold it has no trailers (grpc/doc/PROTOCOL-HTTP2.md, Trailers-Only).</summary>
    private void TellAtEnd(HttpContext context)
    {
        if (!context.Response.HasStarted && context.Response.Headers.ContainsKey(GrpcStatusHeader))
        {
            context.Response.Headers[LoadReportNames.BinaryHeader] = Header(context);
        }
        else if (context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
        {
            trailers[LoadReportNames.BinaryHeader] = Header(context);
        }
    }

    private static bool HasFailed(HttpContext context)
    {
        var response = context.Response;
        if (response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            return true;
        }

        var status = response.Headers[GrpcStatusHeader];
        if (status.Count == 0 && context.Features.Get<IHttpResponseTrailersFeature>() is { } trailers)
        {
            status = trailers.Trailers[GrpcStatusHeader];
        }

        return status.Count > 0 && status != GrpcOk;
    }

    private sealed class Starting(LoadReporting owner, HttpContext context)
    {
        public Task Tell()
        {
            context.Response.Headers[LoadReportNames.BinaryHeader] = owner.Header(context);
            return Task.CompletedTask;
        }
    }
}
