using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>The authority on Kestrel: TLS with the mesh's own certificate, and CreateCertificate behind it (15012).</summary>
internal static class SecureEndpoint
{
    // A signing request is at most 16 kB; its metadata is a handful of words.
    private const int MaxRequestSize = 64 * 1024;

    /// <summary>HTTP/2 over TLS, with the certificate of the moment for each handshake.</summary>
    public static void UseMeshCertificate(this ListenOptions endpoint, ControlPlaneCertificate certificate)
    {
        endpoint.Protocols = HttpProtocols.Http2;
        endpoint.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = handshake => ValueTask.FromResult(OptionsOf(handshake, certificate)) });
    }

    /// <summary>Serves <c>istio.v1.auth.IstioCertificateService</c>. A connection without TLS proves nothing and gets UNAUTHENTICATED.</summary>
    public static IEndpointConventionBuilder MapCertificateService(this IEndpointRouteBuilder endpoints, CertificateService service, CallerIdentity callers) =>
        endpoints.MapGrpcUnary(
            WellKnownMethods.CreateCertificate,
            async (request, context, cancellationToken) => service.CreateCertificate(request, await callers.VerifyAsync(context, cancellationToken).ConfigureAwait(false)),
            MaxRequestSize);

    /// <summary>Judges the caller of any method on the secure endpoint.</summary>
    public static ValueTask<CallerProof> VerifyAsync(this CallerIdentity callers, HttpContext context, CancellationToken cancellationToken) =>
        context.IsSecure()
            ? callers.VerifyAsync(AuthorizationOf(context), context.Connection.ClientCertificate, ChainOf(context), cancellationToken)
            : ValueTask.FromResult(CallerProof.Refused("a connection without TLS proves no identity"));

    /// <summary>Whether the connection is TLS; asked of the connection, since a request may claim any scheme.</summary>
    public static bool IsSecure(this HttpContext context) => context.Features.Get<ITlsHandshakeFeature>() is not null;

    private static string? AuthorizationOf(HttpContext context) =>
        context.Request.Headers.Authorization is [{ } only] ? only : null;

    private static X509Certificate2Collection? ChainOf(HttpContext context) => context.Features.Get<ClientChain>()?.Intermediates;

    private static SslServerAuthenticationOptions OptionsOf(TlsHandshakeCallbackContext handshake, ControlPlaneCertificate certificate)
    {
        var chain = new ClientChain();
        handshake.Connection.Features.Set(chain);
        return certificate.ServerOptions(chain);
    }
}
