using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ProxylessMesh.Server.Listening;

namespace ProxylessMesh.Server.Hosting;

/// <summary>Covers every endpoint, however the app configures it: URLs, configuration or code.</summary>
internal sealed class KestrelSetup(IInboundMesh mesh, InboundPorts ports) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        if (!mesh.Enabled)
        {
            return;
        }

        // A caller whose http:// call the mesh has upgraded sends ":scheme: http" inside TLS. The middleware then sets the scheme.
        options.AllowAlternateSchemes = true;
        options.ConfigureEndpointDefaults(ports.Guard);
    }
}
