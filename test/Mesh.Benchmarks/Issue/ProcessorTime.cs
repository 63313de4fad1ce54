namespace ProxylessMesh.Benchmarks.Issue;

/// <summary>What a call costs one core, whatever else the machine does.</summary>
internal static class ProcessorTime
{
    private const int Batch = 16;

    public static TimeSpan PerCall(Action call, TimeSpan atLeast)
    {
        call();
        var begun = Environment.CpuUsage.TotalTime;
        var spent = TimeSpan.Zero;
        var count = 0;
        while (spent < atLeast)
        {
            for (var i = 0; i < Batch; i++)
            {
                call();
            }

            count += Batch;
            spent = Environment.CpuUsage.TotalTime - begun;
        }

        return spent / count;
    }
}
