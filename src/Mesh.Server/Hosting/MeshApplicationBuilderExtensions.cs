using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Requests;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Places the mesh's middleware.</summary>
public static class MeshApplicationBuilderExtensions
{
    /// <summary>
    /// Places the inbound side of the mesh here, instead of first. For apps whose first middleware must see requests before the
    /// mesh does; what stands before it sees no peer in HttpContext.User and no generated x-request-id.
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <exception cref="InvalidOperationException"><c>builder.AddMesh()</c> was not called.</exception>
    public static IApplicationBuilder UseMesh(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var mesh = app.ApplicationServices.GetService<IInboundMesh>()
            ?? throw new InvalidOperationException("Call builder.AddMesh() before app.UseMesh().");
        if (!mesh.Enabled)
        {
            return app;
        }

        app.ApplicationServices.GetRequiredService<MiddlewarePlacement>().PlacedByApp = true;
        return app.Use(next => MeshMiddleware.Create(app.ApplicationServices, next).InvokeAsync);
    }
}
