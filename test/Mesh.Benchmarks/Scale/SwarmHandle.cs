using System.Diagnostics;
using System.Globalization;
using System.Net;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Benchmarks.Scale.Swarm;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>The process of the clients, from outside. Times are those of the machine's one monotonic clock.</summary>
internal sealed class SwarmHandle : IDisposable
{
    private readonly ChildProcess _process = ChildProcess.Start(SwarmProcess.Argument);

    /// <summary>Lets clients come, all at once; returns when they began.</summary>
    public long Start(IPEndPoint server, bool delta, int clients, int services, int hosts) =>
        Ask($"start {server} {(delta ? "delta" : "sotw")} {clients} {services} {hosts}")[0];

    /// <summary>All clients are about to lose their streams.</summary>
    public void ExpectAll() => Say("expect all");

    /// <summary>When the last client had all that it asked for.</summary>
    public long AwaitConvergence() => Ask("converged")[0];

    /// <param name="type">Index into <see cref="SwarmPlan.Types"/>.</param>
    /// <param name="marker">Stands in the resource.</param>
    /// <param name="clients">That must see it.</param>
    public void Expect(int type, string marker, int clients) => Say($"expect {type} {marker} {clients}");

    /// <summary>When each of the clients accepted it, in order.</summary>
    public long[] AwaitSight() => Ask("seen");

    /// <summary>One more workload, which nobody waits for; returns when it began to connect.</summary>
    public long Register(int number, string address, int service) => Ask($"register {number} {address} {service}")[0];

    public (long BytesReceived, TimeSpan ProcessorTime, long LostStreams) Cost()
    {
        var answer = Ask("cost");
        return (answer[0], new TimeSpan(answer[1]), answer[2]);
    }

    public static TimeSpan Between(long start, long end) => Stopwatch.GetElapsedTime(start, end);

    public void Dispose() => _process.Dispose();

    private void Say(string command)
    {
        _process.WriteLine(command);
        _process.ReadLine();
    }

    private long[] Ask(string command)
    {
        _process.WriteLine(command);
        return [.. _process.ReadLine().Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
    }
}
