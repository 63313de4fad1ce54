namespace ProxylessMesh.Client.CircuitBreaking;

/// <summary>
/// A counted gate with a bounded queue, first come first served. Entering and leaving are one atomic each while nobody waits.
/// </summary>
internal sealed class ConnectionGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<GateResult>> _queue = new();
    private volatile int _limit = int.MaxValue;
    private int _inside;
    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    public void SetLimit(int limit)
    {
        _limit = limit;
        LetIn();
    }

    /// <summary>Enters if there is room and nobody waits.</summary>
    public bool TryEnter() => Waiting == 0 && TryTake();

    public void Leave()
    {
        Interlocked.Decrement(ref _inside);

        // Read after the decrement: who queues up after this sees the free place itself.
        if (Waiting > 0)
        {
            LetIn();
        }
    }

    public async Task<GateResult> WaitAsync(int maxWaiting, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource<GateResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_queue.Count == 0 && TryTake())
            {
                return GateResult.Entered;
            }

            if (_queue.Count >= maxWaiting)
            {
                return GateResult.Full;
            }

            _queue.AddLast(turn);
            Interlocked.Increment(ref _waiting);
        }

        LetIn();
        using (cancellationToken.UnsafeRegister(_ => GiveUp(turn), null))
        {
            return await turn.Task.ConfigureAwait(false);
        }
    }

    private void LetIn()
    {
        lock (_lock)
        {
            while (_queue.First is { } first && TryTake())
            {
                _queue.RemoveFirst();
                Interlocked.Decrement(ref _waiting);
                first.Value.SetResult(GateResult.Entered);
            }
        }
    }

    private void GiveUp(TaskCompletionSource<GateResult> turn)
    {
        lock (_lock)
        {
            if (_queue.Remove(turn))
            {
                Interlocked.Decrement(ref _waiting);
                turn.SetResult(GateResult.Cancelled);
            }
        }
    }

    private bool TryTake()
    {
        var inside = Volatile.Read(ref _inside);
        while (inside < _limit)
        {
            var seen = Interlocked.CompareExchange(ref _inside, inside + 1, inside);
            if (seen == inside)
            {
                return true;
            }

            inside = seen;
        }

        return false;
    }
}
