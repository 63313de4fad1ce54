using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using ProxylessMesh.Server.Requests;

namespace ProxylessMesh.Server.Hosting;

/// <summary>Puts the mesh first in the pipeline, unless the app puts it elsewhere.</summary>
internal sealed class MeshStartupFilter(IInboundMesh mesh, MiddlewarePlacement placement) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next)
    {
        if (!mesh.Enabled)
        {
            return next;
        }

        return app =>
        {
            // Decided when the pipeline is built: by then the app has had its turn.
            app.Use(rest => placement.PlacedByApp ? rest : MeshMiddleware.Create(app.ApplicationServices, rest).InvokeAsync);
            next(app);
        };
    }
}
