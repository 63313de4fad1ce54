namespace ProxylessMesh.Server.Listening;

/// <summary>A bounded queue of connections that have not said anything, or cannot be served yet; the oldest gives way.</summary>
internal sealed class SilentConnections(int capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<CancellationTokenSource> _oldestFirst = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _oldestFirst.Count;
            }
        }
    }

    public LinkedListNode<CancellationTokenSource> Enter(CancellationTokenSource patience)
    {
        lock (_lock)
        {
            var place = _oldestFirst.AddLast(patience);
            if (_oldestFirst.Count > capacity)
            {
                var oldest = _oldestFirst.First!;
                _oldestFirst.Remove(oldest);

                // Under the lock, because its owner disposes it after leaving, which takes the lock.
                oldest.Value.Cancel();
            }

            return place;
        }
    }

    public void Leave(LinkedListNode<CancellationTokenSource> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
            {
                _oldestFirst.Remove(place);
            }
        }
    }
}
