using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ProxylessMesh.Server.ServedTls;

namespace ProxylessMesh.Sidecar.Gateway;

/// <summary>Makes Kestrel listen where the options say, behind the mesh's own guard, which is every endpoint's first step.</summary>
internal sealed partial class GatewayEndpoints(IOptions<GatewayOptions> options, ServedCertificates certificates, ILogger<GatewayEndpoints> logger)
    : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        certificates.Directory = options.Value.CredentialDirectory;
        kestrel.AddServerHeader = false;

        // What is too large is for the services to say, which may take gigabytes.
        kestrel.Limits.MaxRequestBodySize = null;

        // Bytes of the services, which need not be ASCII.
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        foreach (var address in options.Value.Listen)
        {
            kestrel.Listen(IPEndPoint.Parse(address));
            Log.Listening(logger, address);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5500, LogLevel.Information, "The gateway listens on {Address} for what Gateways say")]
        public static partial void Listening(ILogger logger, string address);
    }
}
