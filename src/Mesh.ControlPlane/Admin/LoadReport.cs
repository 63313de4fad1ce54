using System.Text.Json;
using ProxylessMesh.ControlPlane.LoadReports;

namespace ProxylessMesh.ControlPlane.Admin;

/// <summary>/debug/loadz: what clients have told of the load that they make.</summary>
internal static class LoadReport
{
    public static async Task WriteAsync(HttpContext context, LoadTable loads)
    {
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, loads.Read(), LoadReportJson.Default.ClusterLoadViewArray, context.RequestAborted).ConfigureAwait(false);
    }
}
