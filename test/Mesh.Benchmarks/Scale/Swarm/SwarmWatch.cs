using System.Diagnostics;
using System.Text;

namespace ProxylessMesh.Benchmarks.Scale.Swarm;

/// <summary>Waits until all clients have converged, and until all have a response with a marker in it.</summary>
internal sealed class SwarmWatch
{
    private readonly Lock _lock = new();
    private readonly List<long> _times = [];
    private byte[]? _marker;
    private int _type;
    private int _expected;
    private int _expectedClients;
    private int _converged;
    private TaskCompletionSource<long> _allConverged = new();
    private TaskCompletionSource<long[]> _allSeen = new();

    /// <summary>Streams that ended.</summary>
    public int LostStreams { get; private set; }

    /// <summary>When the last of so many had all that it asked for.</summary>
    public Task<long> ConvergenceOf(int clients)
    {
        lock (_lock)
        {
            _expectedClients = clients;
            _converged = 0;
            _allConverged = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _allConverged.Task;
        }
    }

    /// <summary>When each of so many had a response of this type with this in it.</summary>
    public Task<long[]> Sight(int type, string marker, int clients)
    {
        lock (_lock)
        {
            _times.Clear();
            _type = type;
            _expected = clients;
            _allSeen = new TaskCompletionSource<long[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _marker, Encoding.ASCII.GetBytes(marker));
            return _allSeen.Task;
        }
    }

    public void Lost()
    {
        lock (_lock)
        {
            LostStreams++;
        }
    }

    public void Converged()
    {
        lock (_lock)
        {
            if (++_converged == _expectedClients)
            {
                _allConverged.TrySetResult(Stopwatch.GetTimestamp());
            }
        }
    }

    public void Look(int type, ReadOnlySpan<byte> message, long now)
    {
        if (Volatile.Read(ref _marker) is not { } marker || type != _type || message.IndexOf(marker) < 0)
        {
            return;
        }

        lock (_lock)
        {
            _times.Add(now);
            if (_times.Count == _expected)
            {
                _marker = null;
                _allSeen.TrySetResult([.. _times]);
            }
        }
    }
}
