using System.Globalization;
using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>What the steps work with.</summary>
internal sealed class TourContext(BookinfoProcesses bookinfo, MeshFolder mesh, Visitor visitor)
{
    /// <summary>How soon an edit has to be in force. An edit is debounced and pushed in well under a second; the rest is a slow machine.</summary>
    public static readonly TimeSpan EditDeadline = TimeSpan.FromSeconds(10);

    /// <summary>How soon a process has to serve after its start.</summary>
    public static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(15);

    private const int InARow = 20;
    private const int Clients = 8;

    public BookinfoProcesses Bookinfo => bookinfo;

    public MeshFolder Mesh => mesh;

    public Visitor Visitor => visitor;

    public ChildProcess ProductPage => bookinfo.Workloads["productpage"].Process;

    /// <summary>Waits until a row of visits are all as an edit wants them.</summary>
    public async Task SettleAsync(string expected, Func<Visit, bool> asWanted, CancellationToken cancellationToken, string? user = null)
    {
        var last = Visit.Failed("nothing yet");
        var row = 0;
        var settled = await Poll.UntilAsync(
            async cancel =>
            {
                last = await visitor.VisitAsync(cancel, user);
                row = asWanted(last) ? row + 1 : 0;
                return row == InARow;
            },
            EditDeadline,
            cancellationToken);
        if (!settled)
        {
            throw new StepFailedException(
                string.Create(CultureInfo.InvariantCulture, $"{InARow} visits in a row with {expected} within {EditDeadline.TotalSeconds} s of the edit"),
                last.Error ?? $"at last {last.Version} from {last.Workload}, called by {last.CalledBy}",
                bookinfo.ControlPlane.Process,
                ProductPage);
        }
    }

    /// <summary>Makes a number of visits, a few at a time, none of which may fail.</summary>
    public async Task<Visit[]> VisitAsync(int count, CancellationToken cancellationToken, string? user = null)
    {
        var visits = new Visit[count];
        await Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken },
            async (i, cancel) => visits[i] = await visitor.VisitAsync(cancel, user));
        var failed = visits.Where(v => !v.Succeeded).ToArray();
        return failed.Length == 0
            ? visits
            : throw new StepFailedException(
                string.Create(CultureInfo.InvariantCulture, $"{count} visits without a failure"),
                string.Create(CultureInfo.InvariantCulture, $"{failed.Length} failed, the first with {failed[0].Error}"),
                ProductPage);
    }
}
