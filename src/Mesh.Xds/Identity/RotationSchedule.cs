using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Identity;

/// <summary>When to ask for the next certificate.</summary>
internal static class RotationSchedule
{
    // Istio's agent: half of the lifetime, 1 % either way, so that workloads which started together do not stay together.
    private const double Fraction = 0.5;
    private const double Spread = 0.01;

    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maxRetry = TimeSpan.FromSeconds(60);

    // Without a certificate every call fails until the answer.
    private static readonly TimeSpan s_maxRetryWithout = TimeSpan.FromSeconds(15);

    /// <summary>How long to use a certificate before asking for the next.</summary>
    public static TimeSpan UntilRotation(DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now, IRandomSource random)
    {
        var fraction = Fraction + (((2 * random.NextDouble()) - 1) * Spread);
        var wait = notBefore + ((notAfter - notBefore) * fraction) - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>1 s, growing by 1.6, at most 60 s, 20 % either way: gRPC's connection back-off (grpc/doc/connection-backoff.md) with a lower limit.</summary>
    public static TimeSpan UntilRetry(int failures, IRandomSource random)
    {
        var seconds = Math.Min(s_firstRetry.TotalSeconds * Math.Pow(1.6, failures - 1), s_maxRetry.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Min(seconds * (0.8 + (0.4 * random.NextDouble())), s_maxRetry.TotalSeconds));
    }

    /// <summary>
    /// The same, but several times within what is left of the certificate that is in use: an authority that comes back in time
    /// must not be asked too late. At most 15 s when nothing is left.
    /// </summary>
    /// <param name="failures">In a row, at least 1.</param>
    /// <param name="remaining">Of the certificate's life; null: there is none.</param>
    /// <param name="random">Spreads the workloads.</param>
    public static TimeSpan UntilRetry(int failures, TimeSpan? remaining, IRandomSource random)
    {
        var wait = UntilRetry(failures, random);
        var most = s_maxRetryWithout;
        if (remaining is { } left && left > TimeSpan.Zero)
        {
            most = left / 5 > s_firstRetry ? left / 5 : s_firstRetry;
        }

        return wait < most ? wait : most;
    }
}
