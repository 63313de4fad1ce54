namespace ProxylessMesh.Xds.RateLimits;

/// <summary>What a rate limit service says of one descriptor that has a limit.</summary>
/// <param name="Requests">The limit.</param>
/// <param name="Seconds">In so many seconds; 0: unknown.</param>
/// <param name="Name">Of the limit; may be empty.</param>
/// <param name="Remaining">Requests that are left.</param>
/// <param name="Reset">Until there are all again.</param>
internal sealed record RateLimitStatus(uint Requests, long Seconds, string Name, uint Remaining, TimeSpan Reset);
