using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Envoy.Service.Discovery.V3;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Grpc;

public sealed class GrpcTransportTests
{
    [Fact]
    public async Task Tls_options_are_asked_for_at_each_handshake()
    {
        using var serverCertificate = SelfSigned("server");
        using var first = SelfSigned("first");
        using var second = SelfSigned("second");
        var certificates = new Queue<X509Certificate2>([first, second]);
        await using var server = await RawGrpcServer.StartTlsAsync(serverCertificate, HttpProtocols.Http2, AnswerWithPeerAsync);
        using var channel = new GrpcChannel(
            server.Address,
            new GrpcChannelSettings(),
            () => new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetCertHashString() == serverCertificate.GetCertHashString(),
                ClientCertificateContext = SslStreamCertificateContext.Create(certificates.Dequeue(), additionalCertificates: null, offline: true),
            },
            TimeProvider.System);

        var before = await channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest(), GrpcCallOptions.None, CancellationToken.None);
        Assert.Equal("https CN=first", before.Nonce);

        // The connection goes; the call in its last moments may still meet it.
        await Assert.ThrowsAsync<GrpcException>(
            () => channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest { VersionInfo = "abort" }, GrpcCallOptions.None, CancellationToken.None));

        var after = await channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest(), GrpcCallOptions.None, CancellationToken.None);
        Assert.Equal("https CN=second", after.Nonce);
    }

    [Fact]
    public async Task An_untrusted_server_is_unavailable()
    {
        using var certificate = SelfSigned("server");
        await using var server = await RawGrpcServer.StartTlsAsync(certificate, HttpProtocols.Http2, AnswerWithPeerAsync);

        var failure = await GrpcCalls.FailAsync(server.Address);

        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
        Assert.Contains("TLS", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_http2_is_an_error()
    {
        using var certificate = SelfSigned("server");
        await using var server = await RawGrpcServer.StartTlsAsync(certificate, HttpProtocols.Http1, AnswerWithPeerAsync);
        using var channel = new GrpcChannel(
            server.Address,
            new GrpcChannelSettings(),
            () => new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
            TimeProvider.System);

        var failure = await Assert.ThrowsAsync<GrpcException>(
            () => channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest(), GrpcCallOptions.None, CancellationToken.None).WaitAsync(GrpcCalls.Patience));

        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
    }

    [Fact]
    public async Task A_unix_socket_is_an_address()
    {
        var directory = Directory.CreateTempSubdirectory("mesh-grpc-");
        try
        {
            await using var server = await RawGrpcServer.StartUnixAsync(Path.Combine(directory.FullName, "XDS"), AnswerWithPeerAsync);
            using var channel = GrpcCalls.Channel(server.Address);

            var response = await channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest(), GrpcCallOptions.None, CancellationToken.None);

            Assert.Equal("http nobody", response.Nonce);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Another_scheme_is_refused() =>
        Assert.Throws<ArgumentException>(() => GrpcCalls.Channel(new Uri("ftp://127.0.0.1:1")));

    private static async Task AnswerWithPeerAsync(HttpContext context)
    {
        var request = await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser);
        if (request!.VersionInfo == "abort")
        {
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
            return;
        }

        var peer = context.Connection.ClientCertificate?.Subject ?? "nobody";
        await RawGrpcServer.BeginAsync(context);
        await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse { Nonce = $"{context.Request.Scheme} {peer}" }));
        RawGrpcServer.EndWith(context, "0");
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
