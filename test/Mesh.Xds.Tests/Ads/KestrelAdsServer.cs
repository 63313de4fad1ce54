using System.Threading.Channels;
using Envoy.Service.Discovery.V3;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Xds.Tests.Grpc;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>A small control plane behind a real Kestrel: answers each request whose names or node are new with all that it has of them.</summary>
internal sealed class KestrelAdsServer
{
    private readonly Channel<DiscoveryRequest> _requests = Channel.CreateUnbounded<DiscoveryRequest>();

    /// <summary>Resource texts, by name.</summary>
    public Dictionary<string, string> Notes { get; } = new() { ["a"] = "a=x", ["b"] = "b=y" };

    /// <summary>Set: streams end with this status at once.</summary>
    public (string Status, string Message)? Refuse { get; set; }

    public string? Authorization { get; private set; }

    public string? ClientCertificate { get; private set; }

    public async Task<DiscoveryRequest> NextAsync() => await _requests.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task HandleAsync(HttpContext context)
    {
        Authorization = context.Request.Headers.Authorization;
        ClientCertificate = context.Connection.ClientCertificate?.Subject;
        if (Refuse is { } refuse)
        {
            context.Response.ContentType = "application/grpc";
            RawGrpcServer.EndWith(context, refuse.Status, refuse.Message);
            return;
        }

        await RawGrpcServer.BeginAsync(context);
        var nonce = 0;
        while (await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser) is { } request)
        {
            _requests.Writer.TryWrite(request);
            if (request.ResponseNonce.Length == 0)
            {
                nonce++;
                await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse
                {
                    TypeUrl = request.TypeUrl,
                    VersionInfo = $"v{nonce}",
                    Nonce = $"n{nonce}",
                    Resources = { request.ResourceNames.Where(Notes.ContainsKey).Select(n => Note.Any(Note.Full, Notes[n])) },
                }));
            }
        }

        RawGrpcServer.EndWith(context, "0");
    }
}
