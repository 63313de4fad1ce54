using System.Globalization;
using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>A few visitors who come again and again, and what they saw.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Clients = 4;

    // Steady traffic rather than all that the machine can do: the processes that a step starts meanwhile need some of it.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(15);

    private readonly TourContext _tour;
    private readonly CancellationTokenSource _stop;
    private readonly Task _visiting;
    private readonly Lock _lock = new();
    private readonly List<Visit> _visits = [];

    private Load(TourContext tour, CancellationToken cancellationToken)
    {
        _tour = tour;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _visiting = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => VisitAsync(_stop.Token)));
    }

    /// <summary>How many visits there have been.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _visits.Count;
            }
        }
    }

    public static Load Start(TourContext tour, CancellationToken cancellationToken) => new(tour, cancellationToken);

    /// <summary>The visits from one on.</summary>
    public Visit[] Since(int index)
    {
        lock (_lock)
        {
            return [.. _visits[index..]];
        }
    }

    /// <summary>Waits for more visits, and then sees to it that not one has failed so far.</summary>
    public async Task AnswerAsync(int more, string meanwhile, CancellationToken cancellationToken)
    {
        var target = Count + more;
        var reached = await Poll.UntilAsync(_ => Task.FromResult(Count >= target), s_deadline, cancellationToken);
        var failed = Since(0).Where(v => !v.Succeeded).ToArray();
        if (failed.Length > 0)
        {
            throw new StepFailedException(
                $"no failed visit while {meanwhile}",
                string.Create(CultureInfo.InvariantCulture, $"{failed.Length} of {Count} failed, the first with {failed[0].Error}"),
                _tour.ProductPage,
                _tour.Bookinfo.ControlPlane.Process);
        }

        if (!reached)
        {
            throw new StepFailedException(
                string.Create(CultureInfo.InvariantCulture, $"{more} visits within {s_deadline.TotalSeconds} s while {meanwhile}"),
                string.Create(CultureInfo.InvariantCulture, $"{Count + more - target}"),
                _tour.ProductPage);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _visiting;
        _stop.Dispose();
    }

    private async Task VisitAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var visit = await _tour.Visitor.VisitAsync(stop);
                lock (_lock)
                {
                    _visits.Add(visit);
                }

                await Task.Delay(s_pause, TimeProvider.System, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
