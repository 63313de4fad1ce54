using System.Collections.Concurrent;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>Deadlines that wait for another call: a timer and a token source per call would cost more than all the rest of it.</summary>
internal static class DeadlinePool
{
    /// <summary>Of idle ones, beyond one per thread. A process with more calls at a time makes new ones for the rest.</summary>
    private const int Capacity = 256;

    private static readonly ConcurrentQueue<Deadline> s_idle = new();
    private static int s_count;

    [ThreadStatic]
    private static Deadline? t_idle;

    public static Deadline? TryTake()
    {
        if (t_idle is { } own)
        {
            t_idle = null;
            return own;
        }

        if (!s_idle.TryDequeue(out var deadline))
        {
            return null;
        }

        Interlocked.Decrement(ref s_count);
        return deadline;
    }

    public static bool TryReturn(Deadline deadline)
    {
        if (t_idle is null)
        {
            t_idle = deadline;
            return true;
        }

        if (Interlocked.Increment(ref s_count) > Capacity)
        {
            Interlocked.Decrement(ref s_count);
            return false;
        }

        s_idle.Enqueue(deadline);
        return true;
    }
}
