namespace ProxylessMesh.Client.NameResolution;

/// <summary>The resource record types that a look-up of addresses meets (RFC 1035, RFC 3596).</summary>
internal enum DnsRecordType : ushort
{
    A = 1,
    CName = 5,
    Aaaa = 28,
}
