using System.Globalization;

namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>Rounds of chaos, one after the other. However a round ends, its file is removed; where even that fails, its expiry ends it.</summary>
/// <param name="options">The limits.</param>
/// <param name="picker">The dice.</param>
/// <param name="folder">Where experiments are put.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">For whoever watches.</param>
internal sealed class ChaosRun(ChaosOptions options, ChaosPicker picker, ChaosFolder folder, TimeProvider time, TextWriter progress)
{
    private readonly List<ChaosRecord> _records = [];

    /// <summary>What was done; complete also after a cancellation.</summary>
    public IReadOnlyList<ChaosRecord> Records => _records;

    /// <summary>Goes on until all rounds are over or it is cancelled.</summary>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        folder.RemoveEnded();
        var next = time.GetUtcNow();
        for (var round = 0; round < (options.Rounds ?? int.MaxValue); round++)
        {
            next = options.Window.Next(next, options.Duration);
            if (!await WaitAsync(next - time.GetUtcNow(), cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            var began = time.GetUtcNow();
            await RunRoundAsync(began, cancellationToken).ConfigureAwait(false);
            next = began + options.Every;
        }
    }

    /// <summary>What the rounds would do if nothing in the folder changed. Nothing is written and nothing waits.</summary>
    public IReadOnlyList<ChaosRecord> Plan(int rounds)
    {
        var objects = folder.Read().Objects;
        var plan = new List<ChaosRecord>();
        var next = time.GetUtcNow();
        for (var round = 0; round < rounds; round++)
        {
            var at = options.Window.Next(next, options.Duration);
            var picks = picker.Pick(objects, at, out var reason);
            if (picks.Count == 0)
            {
                progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at:u} nothing: {reason}"));
            }

            plan.AddRange(picks.Select(p => new ChaosRecord(p, at, at + options.Duration, "planned")));
            next = at + options.Every;
        }

        return plan;
    }

    private async Task RunRoundAsync(DateTimeOffset began, CancellationToken cancellationToken)
    {
        var picks = picker.Pick(folder.Read().Objects, began, out var reason);
        if (picks.Count == 0)
        {
            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{began:u} nothing: {reason}")).ConfigureAwait(false);
            return;
        }

        var expires = began + options.Duration;
        var path = folder.Write(picks, began, expires);
        var outcome = "interrupted";
        try
        {
            foreach (var pick in picks)
            {
                await progress.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{began:u} {pick.Target.Host}: {FaultText.Describe(pick.Fault)} until {expires:u}")).ConfigureAwait(false);
            }

            if (await WaitAsync(options.Duration, cancellationToken).ConfigureAwait(false))
            {
                outcome = "reverted";
            }
        }
        finally
        {
            ChaosFolder.Remove(path);
            _records.AddRange(picks.Select(p => new ChaosRecord(p, began, time.GetUtcNow(), outcome)));
            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():u} {outcome}")).ConfigureAwait(false);
        }
    }

    /// <summary>False: cancelled.</summary>
    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
