using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Server.Listening;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>The mesh on endpoints that an app sets up itself.</summary>
public static class MeshListenOptionsExtensions
{
    /// <summary>
    /// Puts the mesh in front of an endpoint. Needed only in an app that calls
    /// <see cref="KestrelServerOptions.ConfigureEndpointDefaults"/>, whose action replaces the one by which <c>AddMesh()</c>
    /// covers all endpoints: call it first in that action. Does nothing on https endpoints, and none when the mesh is off.
    /// </summary>
    /// <param name="options">The endpoint.</param>
    /// <exception cref="InvalidOperationException"><c>builder.AddMesh()</c> was not called.</exception>
    public static ListenOptions UseMesh(this ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ports = options.ApplicationServices.GetService<InboundPorts>()
            ?? throw new InvalidOperationException("Call builder.AddMesh() before an endpoint's UseMesh().");
        ports.Guard(options);
        return options;
    }
}
