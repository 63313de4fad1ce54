namespace ProxylessMesh.Client.Connections;

/// <summary>
/// The connections to one endpoint. One connection in HTTP/2 is read by one thread at a time and would carry every request until the
/// server's limit of streams is reached; where many requests are in flight, another connection serves them on another processor, as
/// each of Envoy's workers has connections of its own. HTTP/1.1 has a connection per request anyway, and keeps to the first lane.
/// </summary>
/// <param name="most">Lanes, at least one.</param>
/// <param name="create">A new, empty set of connections.</param>
internal sealed class ConnectionLanes(int most, Func<HttpMessageHandler> create) : IDisposable
{
    /// <summary>Requests in flight for each lane that is used: with fewer, another connection costs more than it brings.</summary>
    private const int RequestsPerLane = 16;

    private readonly HttpMessageInvoker?[] _lanes = new HttpMessageInvoker?[most];
    private int _turn;

    /// <summary>Where no limit counts connections or what each carries.</summary>
    public static int Most { get; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    public HttpMessageInvoker First => _lanes[0] ?? Open(0);

    /// <param name="active">Requests of this endpoint in flight, this one included.</param>
    public HttpMessageInvoker Of(int active)
    {
        var used = Math.Min((active / RequestsPerLane) + 1, _lanes.Length);
        var lane = used == 1 ? 0 : (int)((uint)Interlocked.Increment(ref _turn) % (uint)used);
        return _lanes[lane] ?? Open(lane);
    }

    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane?.Dispose();
        }
    }

    private HttpMessageInvoker Open(int lane)
    {
        var made = new HttpMessageInvoker(create());
        if (Interlocked.CompareExchange(ref _lanes[lane], made, null) is not { } first)
        {
            return made;
        }

        made.Dispose();
        return first;
    }
}
