namespace ProxylessMesh.Client.Connections;

/// <summary>
/// Connections that carry no more than so many requests each (max_requests_per_connection). The handler below cannot count per
/// connection, so its whole set of connections is replaced after that many requests: none of them can have carried more, and where
/// several are open at a time, each has carried fewer.
/// </summary>
/// <param name="limit">Of requests.</param>
/// <param name="create">A new, empty set of connections.</param>
internal sealed class CountedConnections(int limit, Func<HttpMessageHandler> create) : HttpMessageHandler
{
    private volatile Generation _current = new(create());

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var generation = Take();
        try
        {
            return await generation.Connections.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            generation.Answered(limit);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current.Connections.Dispose();
        }

        base.Dispose(disposing);
    }

    private Generation Take()
    {
        while (true)
        {
            var current = _current;
            if (current.TryTake(limit))
            {
                return current;
            }

            var next = new Generation(create());
            if (Interlocked.CompareExchange(ref _current, next, current) != current)
            {
                next.Connections.Dispose();
            }
        }
    }

    private sealed class Generation(HttpMessageHandler connections)
    {
        private int _taken;
        private int _answered;

        public HttpMessageInvoker Connections { get; } = new(connections);

        public bool TryTake(int limit) => Volatile.Read(ref _taken) < limit && Interlocked.Increment(ref _taken) <= limit;

        /// <summary>With the last answer the set is closed: bodies that are being read keep their connection to their end.</summary>
        public void Answered(int limit)
        {
            if (Interlocked.Increment(ref _answered) == limit)
            {
                Connections.Dispose();
            }
        }
    }
}
