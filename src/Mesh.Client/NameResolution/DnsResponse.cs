using System.Net;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>A name server's answer to one question.</summary>
/// <param name="Code">Whether the server could and would answer.</param>
/// <param name="Truncated">The rest did not fit: ask over TCP.</param>
/// <param name="Addresses">Of the name, or of the names that it is an alias of.</param>
/// <param name="TimeToLive">The shortest of all records used.</param>
internal sealed record DnsResponse(DnsResponseCode Code, bool Truncated, IReadOnlyList<IPAddress> Addresses, TimeSpan TimeToLive);
