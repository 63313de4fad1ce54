namespace ProxylessMesh.Xds.Jose;

/// <summary>What the claims of a token must say, once its signature is verified.</summary>
internal sealed record JwtRequirements
{
    /// <summary>Clocks differ; Envoy's default (jwt_authn, "clock_skew_seconds").</summary>
    public static readonly TimeSpan DefaultClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>Null or empty: any issuer.</summary>
    public string? Issuer { get; init; }

    /// <summary>One of them must be an audience of the token; empty: any, or none.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>How far another clock may be off.</summary>
    public TimeSpan ClockSkew { get; init; } = DefaultClockSkew;

    /// <summary>A token without exp is refused.</summary>
    public bool RequireExpiration { get; init; }

    /// <summary>Longest time from iat (nbf, or now, without it) to exp; null: no limit. It needs exp.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    public JwtFailure Check(JwtClaims claims, DateTimeOffset now)
    {
        if (!string.IsNullOrEmpty(Issuer) && !string.Equals(Issuer, claims.Issuer, StringComparison.Ordinal))
        {
            return JwtFailure.UnknownIssuer;
        }

        var time = CheckTime(claims, now);
        return time != JwtFailure.None ? time : AllowsAudience(claims.Audiences) ? JwtFailure.None : JwtFailure.WrongAudience;
    }

    /// <summary>The part that changes while the token does not: for one that was verified before.</summary>
    public JwtFailure CheckTime(JwtClaims claims, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeMilliseconds() / 1000.0;
        var skew = ClockSkew.TotalSeconds;

        // RFC 7519, section 4.1.4: "on or after" exp is too late.
        if (claims.ExpiresAt is { } end && seconds >= end + skew)
        {
            return JwtFailure.Expired;
        }

        if (claims.NotBefore > seconds + skew || claims.IssuedAt > seconds + skew)
        {
            return JwtFailure.NotYetValid;
        }

        if (RequireExpiration && claims.ExpiresAt is null)
        {
            return JwtFailure.LivesTooLong;
        }

        return MaxLifetime is { } limit && !(claims.ExpiresAt - (claims.IssuedAt ?? claims.NotBefore ?? seconds) <= limit.TotalSeconds)
            ? JwtFailure.LivesTooLong
            : JwtFailure.None;
    }

    private bool AllowsAudience(IReadOnlyList<string> audiences)
    {
        if (Audiences.Count == 0)
        {
            return true;
        }

        foreach (var audience in audiences)
        {
            foreach (var allowed in Audiences)
            {
                if (IsSame(allowed, audience))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // As Envoy: http://, https:// and a slash at the end make no other audience (jwt_authn, "audiences").
    private static bool IsSame(ReadOnlySpan<char> allowed, ReadOnlySpan<char> audience) => Bare(allowed).SequenceEqual(Bare(audience));

    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> audience)
    {
        if (audience.StartsWith("https://", StringComparison.Ordinal))
        {
            audience = audience["https://".Length..];
        }
        else if (audience.StartsWith("http://", StringComparison.Ordinal))
        {
            audience = audience["http://".Length..];
        }

        return audience is [.., '/'] ? audience[..^1] : audience;
    }
}
