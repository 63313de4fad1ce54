using System.Buffers.Binary;
using Envoy.Service.Discovery.V3;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Bootstrap;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Tests.Grpc;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Servers that misuse a real connection: what was good stays, memory stays, and the next stream is served.</summary>
public sealed class HostileSocketTests
{
    private const int Many = 5_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_sends_without_reading(bool delta)
    {
        var answered = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var filler = new string('.', 20_000);
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await ReceiveAsync(context, delta);
            for (var i = 1; i < Many; i++)
            {
                // Every third is to be refused.
                await RawGrpcServer.SendAsync(context, Response(delta, $"n{i}", i % 3 == 0 ? $"a=!{filler}" : $"a={i}{filler}"));
            }

            await RawGrpcServer.SendAsync(context, Response(delta, "last", "a=end"));
            var answers = 0;
            while (await ReceiveAsync(context, delta) is { } answer)
            {
                answers++;
                if (answer.Nonce == "last")
                {
                    answered.SetResult(answers);
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                }
            }
        });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var client = Client(server, delta);
        var watcher = new LastWatcher("end");
        using var subscription = client.Watch(Note.Full, "a", watcher);

        await watcher.Expected.WaitAsync(s_patience);

        Assert.InRange(await answered.Task.WaitAsync(s_patience), 1, Many);
        Assert.Null(watcher.Missing);
        await Task.Run(async () =>
        {
            // Of the 100 MB that came; other tests may hold memory meanwhile.
            while (GC.GetTotalMemory(forceFullCollection: true) - before > 32L << 20)
            {
                await Task.Yield();
            }
        }).WaitAsync(s_patience);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hundred_megabytes_are_not_taken(bool delta)
    {
        var streams = 0;
        var taken = 0L;
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await ReceiveAsync(context, delta);
            if (Interlocked.Increment(ref streams) > 1)
            {
                await ServeAsync(context, delta, "a=after");
                return;
            }

            await RawGrpcServer.SendAsync(context, Response(delta, "n1", "a=before"));
            var header = new byte[5];
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), 100_000_000);
            await RawGrpcServer.SendAsync(context, header);
            var part = new byte[100_000];
            for (; taken < 100_000_000; taken += part.Length)
            {
                await RawGrpcServer.SendAsync(context, part);
            }
        });
        await using var client = Client(server, delta);
        var watcher = new LastWatcher("after");
        using var subscription = client.Watch(Note.Full, "a", watcher);

        await watcher.Expected.WaitAsync(s_patience);

        Assert.InRange(taken, 0, 50_000_000);
        Assert.Null(watcher.Missing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_stops_in_the_middle_of_a_message(bool delta)
    {
        var streams = 0;
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await ReceiveAsync(context, delta);
            if (Interlocked.Increment(ref streams) > 1)
            {
                await ServeAsync(context, delta, "a=after", "b=after");
                return;
            }

            await RawGrpcServer.SendAsync(context, Response(delta, "n1", "a=before"));
            var half = Response(delta, "n2", "a=never");
            await RawGrpcServer.SendAsync(context, half[..(half.Length / 2)]);
            while (await ReceiveAsync(context, delta) is { } request)
            {
                if (request.Names.Contains("b"))
                {
                    heard.SetResult();
                    await goOn.Task;
                    return;
                }
            }
        });
        await using var client = Client(server, delta);
        var watcher = new LastWatcher("after");
        using var subscription = client.Watch(Note.Full, "a", watcher);
        await watcher.First.WaitAsync(s_patience);

        // Asking goes on, and what is known stays.
        using var another = client.Watch(Note.Full, "b", new LastWatcher("after"));
        await heard.Task.WaitAsync(s_patience);
        Assert.Equal(ResourceStatus.Acked, (await client.GetStatusAsync()).Types.Single().Resources.Single(r => r.Name == "a").Status);
        Assert.Null(watcher.Missing);

        goOn.SetResult();
        await watcher.Expected.WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_client_can_leave_a_server_that_stopped_in_the_middle_of_a_message()
    {
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, Response(delta: false, "n1", "a=before"));
            await RawGrpcServer.SendAsync(context, Response(delta: false, "n2", "a=never")[..8]);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var client = Client(server, delta: false);
        using var subscription = client.Watch(Note.Full, "a", new LastWatcher("never"));
        await client.FirstResponse.WaitAsync(s_patience);

        await client.DisposeAsync().AsTask().WaitAsync(s_patience);
    }

    private static async Task ServeAsync(HttpContext context, bool delta, params string[] notes)
    {
        await RawGrpcServer.SendAsync(context, Response(delta, "m1", notes));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    }

    private static async Task<(string Nonce, IEnumerable<string> Names)?> ReceiveAsync(HttpContext context, bool delta)
    {
        if (delta)
        {
            return await RawGrpcServer.ReceiveAsync(context, DeltaDiscoveryRequest.Parser) is { } changes ? (changes.ResponseNonce, changes.ResourceNamesSubscribe) : null;
        }

        return await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser) is { } request ? (request.ResponseNonce, request.ResourceNames) : null;
    }

    private static byte[] Response(bool delta, string nonce, params string[] notes) => RawGrpcServer.Frame(delta
        ? new DeltaDiscoveryResponse
        {
            TypeUrl = Note.Full.TypeUrl,
            Nonce = nonce,
            Resources = { notes.Select(n => new Resource { Name = n[..1], Version = nonce, Resource_ = Note.Any(Note.Full, n) }) },
        }
        : new DiscoveryResponse
        {
            TypeUrl = Note.Full.TypeUrl,
            VersionInfo = nonce,
            Nonce = nonce,
            Resources = { notes.Select(n => Note.Any(Note.Full, n)) },
        });

    private static XdsClient Client(RawGrpcServer server, bool delta) => new(
        [BootstrapTransport.Create(
            new XdsServerConfig(server.Address, null, null, XdsServerFeatures.None),
            new GrpcChannelSettings(),
            TimeProvider.System,
            delta ? AdsVariant.Delta : AdsVariant.StateOfTheWorld)],
        AdsFixture.Node(),
        TimeProvider.System,
        new SeededRandom(1),
        NullLoggerFactory.Instance);

    /// <summary>Keeps no history, as there may be much of it.</summary>
    private sealed class LastWatcher(string expected) : IResourceWatcher<Note>
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _expected = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task First => _first.Task;

        public Task Expected => _expected.Task;

        public ProxylessMesh.Xds.Ads.ResourceError? Missing { get; private set; }

        public void OnChanged(Note resource)
        {
            _first.TrySetResult();
            if (resource.Text == expected)
            {
                _expected.TrySetResult();
            }
        }

        public void OnMissing(ProxylessMesh.Xds.Ads.ResourceError error) => Missing = error;

        public void OnAmbientError(ProxylessMesh.Xds.Ads.ResourceError error)
        {
        }
    }
}
