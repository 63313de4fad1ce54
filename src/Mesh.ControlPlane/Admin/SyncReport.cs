using System.Text.Json;
using ProxylessMesh.ControlPlane.Discovery;

namespace ProxylessMesh.ControlPlane.Admin;

/// <summary>/debug/syncz: how far each client is with what it was sent.</summary>
internal static class SyncReport
{
    public static async Task WriteAsync(HttpContext context, AdsServer ads)
    {
        context.Response.ContentType = "application/json";
        ProxySync[] clients = [.. ads.Clients.Select(ProxySync.Of)];
        await JsonSerializer.SerializeAsync(context.Response.Body, clients, ProxySyncJson.Default.ProxySyncArray, context.RequestAborted).ConfigureAwait(false);
    }
}
