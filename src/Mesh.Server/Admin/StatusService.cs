using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.ClientStatus;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.Admin;

/// <summary>ClientStatusDiscoveryService, unary and as a stream, and the same as JSON.</summary>
internal sealed partial class StatusService(XdsClient client, ILogger logger)
{
    private static readonly JsonWriterOptions s_forPeople = new() { Indented = true };

    public async Task ShowAsync(HttpContext context)
    {
        var status = await client.GetStatusAsync().ConfigureAwait(false);
        context.Response.ContentType = "application/json";
        var json = new Utf8JsonWriter(context.Response.BodyWriter, s_forPeople);
        await using (json.ConfigureAwait(false))
        {
            ClientStatusJson.Write(json, status);
        }
    }

    /// <summary>A gRPC call: each request is answered with how things stand then.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A failure is the caller's status, never the app's end.")]
    public async Task AnswerAsync(HttpContext context, bool isStream)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) || !GrpcContentType.IsGrpc(context.Request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        Prepare(context);
        var cancellationToken = context.RequestAborted;
        try
        {
            var answered = await ClientStatusExchange.AnswerAsync(client, context.Request.Body, context.Response.Body, isStream, cancellationToken).ConfigureAwait(false);
            End(context, isStream || answered > 0 ? GrpcStatusCode.Ok : GrpcStatusCode.Internal, answered > 0 ? "" : "the call holds no message");
        }
        catch (GrpcException e)
        {
            End(context, e.Status, e.Detail);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody is left to hear a status.
        }
        catch (Exception e)
        {
            Log.Failed(logger, e);
            End(context, GrpcStatusCode.Internal, "the admin endpoint failed; the app's log says why");
        }
    }

    /// <summary>A stream may be silent for hours, and long in sum; each message has its own limit.</summary>
    private static void Prepare(HttpContext context)
    {
        context.Response.ContentType = GrpcContentType.Value;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    private static void End(HttpContext context, GrpcStatusCode status, string text)
    {
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        if (context.Response.HasStarted)
        {
            context.Response.AppendTrailer("grpc-status", code);
            context.Response.AppendTrailer("grpc-message", GrpcStatusText.Encode(text));
        }
        else
        {
            context.Response.Headers["grpc-status"] = code;
            context.Response.Headers["grpc-message"] = GrpcStatusText.Encode(text);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1172, LogLevel.Error, "The admin endpoint could not tell how the configuration stands")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
