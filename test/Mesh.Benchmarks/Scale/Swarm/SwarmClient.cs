using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ProxylessMesh.Benchmarks.Scale.Swarm;

/// <summary>One simulated client: asks for listeners, routes, clusters and endpoints in turn, and accepts whatever comes.</summary>
internal sealed class SwarmClient(SwarmPlan plan, SwarmWatch watch, int number, string address, int service)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly int[] _received = new int[SwarmPlan.Types.Length];
    private RawHttp2Stream? _stream;
    private int _asked;
    private long _bytesBefore;

    public long BytesReceived => _bytesBefore + (_stream?.BytesReceived ?? 0);

    /// <summary>Until it is told to stop: whoever loses the stream comes back.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="turn">As many may be in their handshake at the same time: a backlog is finite.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(IPEndPoint server, SemaphoreSlim turn, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await RunStreamAsync(server, turn, cancellationToken);
                watch.Lost();
            }
            catch (SocketException)
            {
                // Not there (yet).
            }

            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunStreamAsync(IPEndPoint server, SemaphoreSlim turn, CancellationToken cancellationToken)
    {
        using var stream = new RawHttp2Stream();
        await turn.WaitAsync(cancellationToken);
        try
        {
            await stream.ConnectAsync(server, plan.Method, cancellationToken);
        }
        finally
        {
            turn.Release();
        }

        _stream = stream;
        Array.Clear(_received);
        _asked = 1;
        stream.Queue(plan.Subscribe(number, 0, SwarmPlan.NodeOf(number, address, service)));
        try
        {
            await stream.RunAsync(Take, cancellationToken);
        }
        finally
        {
            _bytesBefore += stream.BytesReceived;
            _stream = null;
        }
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        var response = WireFields.Read(message);
        var type = -1;
        for (var i = 0; i < SwarmPlan.Types.Length; i++)
        {
            type = Is(response.Type, SwarmPlan.Types[i]) ? i : type;
        }

        _stream!.Queue(plan.Acknowledge(number, type, response));
        var before = _received[type];
        _received[type] += response.Resources;
        if (before < plan.Hosts && _received[type] >= plan.Hosts)
        {
            if (_asked < SwarmPlan.Types.Length)
            {
                _stream.Queue(plan.Subscribe(number, _asked++, node: null));
            }
            else
            {
                watch.Converged();
            }
        }

        watch.Look(type, message, Stopwatch.GetTimestamp());
    }

    private static bool Is(ReadOnlySpan<byte> text, string wanted)
    {
        if (text.Length != wanted.Length)
        {
            return false;
        }

        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] != wanted[i])
            {
                return false;
            }
        }

        return true;
    }
}
