using ProxylessMesh.Server;
using ProxylessMesh.Server.LoadReports;

namespace Microsoft.AspNetCore.Http;

/// <summary>Load reports of single responses.</summary>
public static class MeshLoadReportExtensions
{
    /// <summary>
    /// What this response tells of the load, over what the process tells. For a response that is no gRPC it must be told before the
    /// body begins, because it travels in a header. Without <c>Mesh:LoadReports:InResponses</c> it is told to nobody.
    /// </summary>
    /// <param name="context">Of the request.</param>
    public static ILoadReporter GetRequestLoad(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<LoadValues>() is not { } values)
        {
            values = new LoadValues();
            context.Features.Set(values);
        }

        return values;
    }
}
