using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ProxylessMesh.Server.Listening;

namespace ProxylessMesh.Server.Hosting;

/// <summary>Covers every endpoint, however the app configures it: URLs, configuration or code.</summary>
internal sealed class KestrelSetup(IInboundMesh mesh, InboundPorts ports) : IConfigureOptions<KestrelServerOptions>
{
    // There is no other way to say it to Kestrel (dotnet/aspnetcore #43252); it holds for the whole process.
    private const string OnlyCrLf = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    public void Configure(KestrelServerOptions options)
    {
        if (!mesh.Enabled)
        {
            return;
        }

        // A caller whose http:// call the mesh has upgraded sends ":scheme: http" inside TLS. The middleware then sets the scheme.
        options.AllowAlternateSchemes = true;

        // A line that ends for one server and goes on for another hides a request (RFC 9112, section 2.2). An app may have decided otherwise.
        if (!AppContext.TryGetSwitch(OnlyCrLf, out _))
        {
            AppContext.SetSwitch(OnlyCrLf, true);
        }

        options.ConfigureEndpointDefaults(ports.Guard);
    }
}
