using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Testing;

/// <summary>What a leaf says; the defaults make a proper SVID as soon as there is a URI.</summary>
internal sealed record TestLeaf
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public string Subject { get; init; } = "";

    public string[] Uris { get; init; } = [];

    public string[] DnsNames { get; init; } = [];

    public string[] Addresses { get; init; } = [];

    public bool IsAuthority { get; init; }

    public X509KeyUsageFlags? KeyUsage { get; init; } = X509KeyUsageFlags.DigitalSignature;

    public string[]? ExtendedKeyUsage { get; init; } = [ServerAuth, ClientAuth];

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    public X509Extension[] OtherExtensions { get; init; } = [];
}
