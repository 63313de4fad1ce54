namespace Bookinfo.Launcher;

/// <summary>The last visits; older ones fall out.</summary>
internal sealed class RecentVisits(int capacity)
{
    private readonly Queue<Visit> _visits = new(capacity);
    private long _total;

    public void Add(Visit visit)
    {
        lock (_visits)
        {
            if (_visits.Count == capacity)
            {
                _visits.Dequeue();
            }

            _visits.Enqueue(visit);
            _total++;
        }
    }

    /// <summary>Those that are still remembered, and how many there have been in all.</summary>
    public (Visit[] Visits, long Total) Read()
    {
        lock (_visits)
        {
            return ([.. _visits], _total);
        }
    }
}
