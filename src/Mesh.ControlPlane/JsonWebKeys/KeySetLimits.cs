using System.Net;

namespace ProxylessMesh.ControlPlane.JsonWebKeys;

/// <summary>How keys are fetched, and from where not.</summary>
internal sealed record KeySetLimits
{
    /// <summary>Between fetches of keys that are known (Istio's PILOT_JWT_PUB_KEY_REFRESH_INTERVAL).</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Before the second try; it doubles with each, up to <see cref="Refresh"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Fetches that may be under way at a time.</summary>
    public int Concurrent { get; init; } = 8;

    /// <summary>
    /// Networks that no key is fetched from, whatever name leads there (Istio's BLOCKED_CIDRS_IN_JWKS_URIS). Whoever may write a
    /// RequestAuthentication would otherwise reach, through the control plane, what answers to machines alone: the metadata
    /// services of clouds.
    /// </summary>
    public IReadOnlyList<IPNetwork> Blocked { get; init; } = LinkLocal;

    private static IPNetwork Nat64 { get; } = IPNetwork.Parse("64:ff9b::/96");

    private static IPNetwork[] LinkLocal { get; } =
    [
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fd00:ec2::254/128"),
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("::/128"),
    ];

    public KeySetLimits WithBlocked(IEnumerable<IPNetwork> more) => this with { Blocked = [.. Blocked, .. more] };

    public bool IsBlocked(IPAddress address)
    {
        // Both forms of IPv6 address that lead to an IPv4 one (RFC 4291, section 2.5.5.2; RFC 6052).
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : Nat64.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12))
            : address;
        foreach (var network in Blocked)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }
}
