namespace ProxylessMesh.ControlPlane.Agent.Health;

/// <summary>Asks again and again, and says when the answer changes.</summary>
internal sealed partial class HealthMonitor(HealthProbe probe, HealthTiming timing, TimeProvider time, ILogger logger)
{
    /// <summary>Until it is cancelled, which it returns from. A workload begins as not healthy.</summary>
    public async Task RunAsync(Action<bool> changed, CancellationToken stop)
    {
        var healthy = false;
        var failures = 0;
        try
        {
            while (true)
            {
                var problem = await probe.CheckAsync(timing.Timeout, stop).ConfigureAwait(false);
                failures = problem is null ? 0 : failures + 1;
                if ((problem is null) != healthy && (problem is null || failures >= timing.FailureThreshold))
                {
                    healthy = problem is null;
                    changed(healthy);
                }

                if (problem is not null && failures == 1)
                {
                    Log.Failed(logger, problem);
                }

                await Task.Delay(problem is null ? timing.Interval : timing.UnhealthyInterval, time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4523, LogLevel.Information, "The health check fails: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);
    }
}
