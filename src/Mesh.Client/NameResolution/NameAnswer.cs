using System.Net;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>What a look-up gave: addresses, or an error.</summary>
/// <param name="Addresses">In the order of the answer; none where there is an error.</param>
/// <param name="TimeToLive">How long they hold; null: nobody said.</param>
/// <param name="Error">Why there are none.</param>
internal sealed record NameAnswer(IReadOnlyList<IPAddress> Addresses, TimeSpan? TimeToLive, string? Error)
{
    public static NameAnswer Of(IReadOnlyList<IPAddress> addresses, TimeSpan? timeToLive = null) => new(addresses, timeToLive, null);

    public static NameAnswer Failed(string error) => new([], null, error);
}
