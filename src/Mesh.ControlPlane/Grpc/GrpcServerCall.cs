using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Grpc;

/// <summary>
/// What surrounds every handler: is this gRPC over HTTP/2, until when, and with which status it ended
/// (grpc/doc/PROTOCOL-HTTP2.md).
/// </summary>
internal sealed partial class GrpcServerCall(TimeProvider time, ILogger<GrpcServerCall> logger)
{
    [SuppressMessage("Design", "CA1031", Justification = "A handler's failure is its caller's status, never the server's end.")]
    public async Task RunAsync(HttpContext context, Func<CancellationToken, Task> handler, bool streams)
    {
        if (Refuse(context) is { } httpStatus)
        {
            context.Response.StatusCode = httpStatus;
            return;
        }

        if (streams)
        {
            LiftStreamLimits(context);
        }

        context.Response.ContentType = GrpcContentType.Value;
        var timeout = context.Request.Headers[GrpcTimeout.Header].ToString();
        var limit = TimeSpan.Zero;
        if (timeout.Length > 0 && !GrpcTimeout.TryParse(timeout, out limit))
        {
            End(context, GrpcStatusCode.InvalidArgument, "grpc-timeout cannot be read");
            return;
        }

        using var deadline = timeout.Length > 0 ? GrpcTimeout.Start(limit, time) : new CancellationTokenSource();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            await handler(cancelled.Token).ConfigureAwait(false);
            End(context, GrpcStatusCode.Ok, "");
        }
        catch (GrpcException e)
        {
            End(context, e.Status, e.Detail);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to hear a status.
        }
        catch (Exception) when (deadline.IsCancellationRequested)
        {
            End(context, GrpcStatusCode.DeadlineExceeded, "the caller's deadline passed");
        }
        catch (Exception e)
        {
            Log.Failed(logger, context.Request.Path, e);
            End(context, GrpcStatusCode.Internal, "the server failed; its log says why");
        }
    }

    /// <summary>An HTTP status for what is no gRPC, as the specification asks.</summary>
    private static int? Refuse(HttpContext context) =>
        !HttpProtocol.IsHttp2(context.Request.Protocol) ? StatusCodes.Status426UpgradeRequired
        : !GrpcContentType.IsGrpc(context.Request.ContentType) ? StatusCodes.Status415UnsupportedMediaType
        : null;

    /// <summary>A stream may be silent for hours and long in sum; each message has its own limit.</summary>
    private static void LiftStreamLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    /// <summary>In trailers; or, when nothing was sent yet, in the headers (a trailers-only response).</summary>
    private static void End(HttpContext context, GrpcStatusCode status, string text)
    {
        var response = context.Response;
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        if (response.HasStarted)
        {
            response.AppendTrailer("grpc-status", code);
            if (text.Length > 0)
            {
                response.AppendTrailer("grpc-message", GrpcStatusText.Encode(text));
            }

            return;
        }

        response.Headers["grpc-status"] = code;
        if (text.Length > 0)
        {
            response.Headers["grpc-message"] = GrpcStatusText.Encode(text);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4200, LogLevel.Error, "The handler of {Path} failed.")]
        public static partial void Failed(ILogger logger, string path, Exception exception);
    }
}
