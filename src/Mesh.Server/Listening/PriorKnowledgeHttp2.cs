using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ProxylessMesh.Server.Listening;

/// <summary>
/// Tells Kestrel that a plaintext connection speaks HTTP/2. On an endpoint of both versions Kestrel asks only these two
/// features which one was negotiated, and takes HTTP/1.1 where there is no TLS; the sniffer has seen the client's preface.
/// </summary>
internal sealed class PriorKnowledgeHttp2 : ITlsConnectionFeature, ITlsApplicationProtocolFeature
{
    private static readonly PriorKnowledgeHttp2 Instance = new();
    private static readonly byte[] Http2 = Encoding.ASCII.GetBytes("h2");

    private PriorKnowledgeHttp2()
    {
    }

    public ReadOnlyMemory<byte> ApplicationProtocol => Http2;

    /// <summary>There is no TLS, hence no certificate.</summary>
    public X509Certificate2? ClientCertificate
    {
        get => null;
        set => throw new NotSupportedException("The connection is plaintext.");
    }

    public static void SetOn(IFeatureCollection connectionFeatures)
    {
        connectionFeatures.Set<ITlsConnectionFeature>(Instance);
        connectionFeatures.Set<ITlsApplicationProtocolFeature>(Instance);
    }

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
        Task.FromResult<X509Certificate2?>(null);
}
