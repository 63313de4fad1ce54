using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Envoy.Service.Status.V3;
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
    private const int MaxMessageSize = 64 * 1024;

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
            var requests = new GrpcFrameReader(context.Request.Body, MaxMessageSize);
            var answered = 0;
            while (await requests.ReadAsync(ClientStatusRequest.Parser, cancellationToken).ConfigureAwait(false) is { } request)
            {
                await GrpcFrameWriter.WriteAsync(context.Response.Body, await AnswerAsync(request).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                answered++;
                if (!isStream)
                {
                    break;
                }
            }

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

    private async Task<ClientStatusResponse> AnswerAsync(ClientStatusRequest request)
    {
        // gRFC A40: a client is only asked about itself.
        if (request.NodeMatchers.Count > 0)
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "node_matchers are not supported: this is one node");
        }

        return ClientStatusMessage.Create(await client.GetStatusAsync().ConfigureAwait(false), withContents: !request.ExcludeResourceContents);
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
