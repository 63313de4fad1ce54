using Bookinfo.Tour;

namespace Bookinfo.Launcher;

/// <summary>What the sample does when it is not started as one of its own services.</summary>
internal static class LauncherCommand
{
    private const int UsageError = 64;

    /// <summary>Starts everything and shows who serves whom until it is told to stop.</summary>
    public static Task<int> ShowAsync() => GuardAsync(whenStopped: 0, async stop =>
    {
        var meshFolder = SampleFolder.FindMesh();
        await using var bookinfo = new BookinfoProcesses(meshFolder);
        Console.WriteLine("Starting a control plane and six workloads ...");
        await bookinfo.StartAsync(stop);
        await Greeting.PrintAsync(bookinfo, stop);

        var recent = new RecentVisits(capacity: 100);
        using var visitor = new Visitor(bookinfo.ProductPage);
        var trickle = Trickle.RunAsync(visitor, recent, stop);
        await (Console.IsOutputRedirected ? PlainReport.RunAsync(recent, stop) : LiveTable.RunAsync(recent, stop));
        await trickle;
        Console.WriteLine("Stopping.");
        return 0;
    });

    /// <summary>The scripted tour: 0 when all of it went as it should, else 1.</summary>
    public static Task<int> CheckAsync() => GuardAsync(whenStopped: 1, TourRun.RunAsync);

    public static int Usage()
    {
        Console.Error.WriteLine("""
            Usage: dotnet run --project samples/Bookinfo [-- --check]
              (nothing)   run Bookinfo and show which version of reviews serves whom; edit samples/Bookinfo/mesh/*.yaml meanwhile
              --check     a scripted tour of what the mesh does; exits 0 or 1 within 60 seconds
            """);
        return UsageError;
    }

    private static async Task<int> GuardAsync(int whenStopped, Func<CancellationToken, Task<int>> run)
    {
        using var stop = new StopSignals();
        try
        {
            return await run(stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return whenStopped;
        }
        catch (LaunchException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
