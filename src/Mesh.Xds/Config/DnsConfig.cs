namespace ProxylessMesh.Xds.Config;

/// <summary>How the names of a DNS cluster are looked up, again and again.</summary>
/// <param name="Family">Which addresses count.</param>
/// <param name="RefreshRate">Between two look-ups; 5 s when unset, as in Envoy.</param>
/// <param name="RespectTtl">The time to live of the answer takes the place of the refresh rate, where there is one.</param>
internal sealed record DnsConfig(DnsLookupFamily Family, TimeSpan RefreshRate, bool RespectTtl)
{
    /// <summary>Envoy's defaults.</summary>
    public static DnsConfig Default { get; } = new(DnsLookupFamily.V6Preferred, TimeSpan.FromSeconds(5), false);

    /// <summary>Up to so much is added to each pause.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The pause after a failed look-up, doubled up to <see cref="FailureMaximum"/>; null: the refresh rate.</summary>
    public TimeSpan? FailureBase { get; init; }

    /// <summary>Of the doubling.</summary>
    public TimeSpan FailureMaximum { get; init; }
}
