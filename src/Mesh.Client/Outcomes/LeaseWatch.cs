using System.Collections.Concurrent;
using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>
/// Ends the lease of a response that its caller dropped, neither read to its end nor disposed of. HttpClient gives such a connection up
/// when the garbage collector finds it, and a slot must not stay taken longer than that. A finalizer on each content would be paid for
/// by every call; instead weak references are used again and again, and looked through when the collector has been at work.
/// </summary>
internal sealed class LeaseWatch
{
    /// <summary>Leases watched at a time. A process with more bodies open has none of the rest watched.</summary>
    private const int Most = 4096;

    private static readonly Lock s_lock = new();
    private static readonly List<LeaseWatch> s_all = [];
    private static readonly ConcurrentQueue<LeaseWatch> s_idle = new();

    [ThreadStatic]
    private static LeaseWatch? t_idle;

    private readonly WeakReference<LeasedContent?> _content = new(null);
    private Endpoint? _endpoint;
    private Deadline? _deadline;
    private bool _onConnection;

    /// <summary>Odd while a lease is watched.</summary>
    private int _generation;

    /// <summary>Null: too many are watched already.</summary>
    public static LeaseWatch? Begin(LeasedContent content, Endpoint endpoint, Deadline? deadline, bool onConnection)
    {
        if (Take() is not { } watch)
        {
            return null;
        }

        watch._content.SetTarget(content);
        watch._endpoint = endpoint;
        watch._deadline = deadline;
        watch._onConnection = onConnection;
        Volatile.Write(ref watch._generation, watch._generation + 1);
        return watch;
    }

    /// <summary>The content has ended its lease itself; exactly once.</summary>
    public void End()
    {
        Interlocked.Increment(ref _generation);
        Clear();
    }

    private static LeaseWatch? Take()
    {
        if (t_idle is { } own)
        {
            t_idle = null;
            return own;
        }

        return s_idle.TryDequeue(out var watch) ? watch : TryCreate();
    }

    private static LeaseWatch? TryCreate()
    {
        lock (s_lock)
        {
            if (s_all.Count == Most)
            {
                return null;
            }

            if (s_all.Count == 0)
            {
                _ = new Sentinel();
            }

            var watch = new LeaseWatch();
            s_all.Add(watch);
            return watch;
        }
    }

    private static void EndDropped()
    {
        LeaseWatch[] all;
        lock (s_lock)
        {
            all = [.. s_all];
        }

        foreach (var watch in all)
        {
            watch.EndIfDropped();
        }
    }

    private void EndIfDropped()
    {
        // A content that is gone ends nothing any more. One that ended its lease meanwhile has changed the generation before it went.
        var generation = Volatile.Read(ref _generation);
        if (generation % 2 == 0 || _content.TryGetTarget(out _) || Interlocked.CompareExchange(ref _generation, generation + 1, generation) != generation)
        {
            return;
        }

        var (endpoint, deadline, onConnection) = (_endpoint!, _deadline, _onConnection);
        Clear();
        endpoint.EndRequest(onConnection);
        deadline?.Dispose();
    }

    private void Clear()
    {
        _endpoint = null;
        _deadline = null;
        if (t_idle is null)
        {
            t_idle = this;
        }
        else
        {
            s_idle.Enqueue(this);
        }
    }

    /// <summary>Nobody holds it: after each collection of its generation, soon the oldest, its finalizer runs, and it waits for the next.</summary>
    private sealed class Sentinel
    {
        ~Sentinel()
        {
            ThreadPool.UnsafeQueueUserWorkItem(static _ => EndDropped(), null);
            GC.ReRegisterForFinalize(this);
        }
    }
}
