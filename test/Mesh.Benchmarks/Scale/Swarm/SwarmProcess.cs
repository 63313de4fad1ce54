using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace ProxylessMesh.Benchmarks.Scale.Swarm;

/// <summary>The clients, in a process of their own. Takes one command a line, and answers each with a line.</summary>
internal sealed class SwarmProcess
{
    public const string Argument = "--scale-swarm";

    private const int HandshakesAtOnce = 256;

    private readonly SwarmWatch _watch = new();
    private readonly List<SwarmClient> _clients = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _turn = new(HandshakesAtOnce);
    private SwarmPlan? _plan;
    private IPEndPoint? _server;
    private Task<long>? _convergence;
    private Task<long[]>? _sight;

    public static async Task ServeAsync()
    {
        var swarm = new SwarmProcess();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Console.WriteLine(await swarm.AnswerAsync(line.Split(' ')));
        }

        await swarm._stop.CancelAsync();
    }

    private async Task<string> AnswerAsync(string[] command)
    {
        switch (command)
        {
            case ["start", var server, var protocol, var clients, var services, var hosts]:
                _server = IPEndPoint.Parse(server);
                _plan = new SwarmPlan(protocol == "delta", Number(services), Number(hosts));
                return Start(Number(clients), Number(services));
            case ["expect", "all"]:
                _convergence = _watch.ConvergenceOf(_clients.Count);
                return "ready";
            case ["converged"]:
                return Text(await _convergence!);
            case ["expect", var type, var marker, var clients]:
                _sight = _watch.Sight(Number(type), marker, Number(clients));
                return "ready";
            case ["seen"]:
                var times = await _sight!;
                Array.Sort(times);
                return string.Join(' ', times.Select(Text));
            case ["register", var number, var address, var service]:
                var client = new SwarmClient(new SwarmPlan(_plan!.Delta, 1, 1), new SwarmWatch(), Number(number), address, Number(service));
                var now = Stopwatch.GetTimestamp();
                _ = client.RunAsync(_server!, _turn, _stop.Token);
                return Text(now);
            case ["cost"]:
                return $"{_clients.Sum(c => c.BytesReceived)} {Environment.CpuUsage.TotalTime.Ticks} {_watch.LostStreams}";
            default:
                return "what?";
        }
    }

    private string Start(int clients, int services)
    {
        _convergence = _watch.ConvergenceOf(clients);
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < clients; i++)
        {
            var client = new SwarmClient(_plan!, _watch, i, ScaledMesh.ClientAddress(i), i % services);
            _clients.Add(client);
            _ = client.RunAsync(_server!, _turn, _stop.Token);
        }

        return Text(begun);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
