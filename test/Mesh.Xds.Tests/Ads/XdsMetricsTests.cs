using System.Diagnostics.Metrics;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>gRFC A78, with the states of A88. Servers have names of their own here, as the meter is the process's.</summary>
public sealed class XdsMetricsTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _sums = [];
    private readonly string _server = $"first-{Guid.NewGuid():N}";

    public XdsMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == XdsInstruments.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(Record);
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Updates_are_counted_by_server_type_and_whether_they_were_valid()
    {
        await using var mesh = new AdsFixture([new ScriptedServer { Name = _server }]);
        var (_, stream) = await mesh.StartAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"), Note.Any(Note.Partial, "unasked=x"));
        await stream.ExchangeAsync(Note.Partial, "2", "n2", Note.Any(Note.Partial, "a=x"), Note.Any(Note.Partial, "b=!bad"), Note.Any(Note.Partial, "nameless"));
        await mesh.SettleAsync();

        Assert.Equal(3, Sum($"grpc.xds_client.resource_updates_valid grpc.target=#process grpc.xds.resource_type=test/partial grpc.xds.server={_server}"));
        Assert.Equal(2, Sum($"grpc.xds_client.resource_updates_invalid grpc.target=#process grpc.xds.resource_type=test/partial grpc.xds.server={_server}"));
    }

    [Fact]
    public async Task A_server_is_connected_until_a_stream_brings_nothing_and_again_from_the_first_response()
    {
        var server = new ScriptedServer { Name = _server };
        await using var mesh = new AdsFixture([server]);
        var (_, stream) = await mesh.StartAsync(Note.Partial, "a");
        await mesh.SettleAsync();
        Assert.Equal(1, Collect(Connected));

        server.Refuse = new IOException("refused");
        stream.Fail(new IOException("broken"));
        await AttemptAsync(mesh, 1);
        await AttemptAsync(mesh, 2);
        Assert.Equal(0, Collect(Connected));
        Assert.Equal(1, Sum($"grpc.xds_client.server_failure grpc.target=#process grpc.xds.server={_server}"));

        server.Refuse = null;
        var again = await AttemptAsync(mesh, 4);
        await again.NextAsync();
        Assert.Equal(0, Collect(Connected));
        await again.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        Assert.Equal(1, Collect(Connected));
        await mesh.DisposeAsync();
        Assert.Equal(0, Collect(Connected));
    }

    [Fact]
    public async Task Resources_are_counted_by_authority_and_state()
    {
        var kind = Note.Partial with { TypeUrl = $"type.googleapis.com/test.{Guid.NewGuid():N}" };
        var server = new ScriptedServer { Name = _server };
        await using var mesh = new AdsFixture([server], new() { ["x"] = [server] });
        var (_, stream) = await mesh.StartAsync(kind, "a");
        mesh.Watch(kind, "b", out var subscription);
        await stream.NextAsync();
        mesh.Watch(kind, $"xdstp://x/{kind.TypeUrl[20..]}/c");
        await stream.NextAsync();
        Assert.Equal((2, 1), (Count("#old", "requested"), Count("x", "requested")));

        await stream.ExchangeAsync(kind, "1", "n1", Note.Any(kind, "a=x"), Note.Any(kind, "b=!bad"));
        await mesh.SettleAsync();
        Assert.Equal((1, 1, 0), (Count("#old", "acked"), Count("#old", "nacked"), Count("#old", "requested")));

        await stream.ExchangeAsync(kind, "2", "n2", Note.Any(kind, "a=!bad"));
        await mesh.SettleAsync();
        Assert.Equal((0, 1), (Count("#old", "acked"), Count("#old", "nacked_but_cached")));

        mesh.Time.Advance(TimeSpan.FromSeconds(15));
        await mesh.SettleAsync();
        Assert.Equal(1, Count("x", "does_not_exist"));

        subscription.Dispose();
        await stream.NextAsync();
        await mesh.SettleAsync();
        await mesh.SettleAsync();
        Assert.Equal(0, Count("#old", "nacked"));

        long Count(string authority, string state) => Collect(
            $"grpc.xds_client.resources grpc.target=#process grpc.xds.authority={authority} grpc.xds.cache_state={state} grpc.xds.resource_type={kind.TypeUrl[20..]}");
    }

    private static async Task<ScriptedStream> AttemptAsync(AdsFixture mesh, double afterSeconds)
    {
        await mesh.SettleAsync();
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(afterSeconds));
        return await mesh.Server.AcceptAsync();
    }

    private string Connected => $"grpc.xds_client.connected grpc.target=#process grpc.xds.server={_server}";

    private long Collect(string key)
    {
        lock (_lock)
        {
            foreach (var gauge in _sums.Keys.Where(k => k.StartsWith("grpc.xds_client.resources ", StringComparison.Ordinal) || k.StartsWith("grpc.xds_client.connected ", StringComparison.Ordinal)).ToList())
            {
                _sums.Remove(gauge);
            }

            _listener.RecordObservableInstruments();
            return _sums.GetValueOrDefault(key);
        }
    }

    private long Sum(string key)
    {
        lock (_lock)
        {
            return _sums.GetValueOrDefault(key);
        }
    }

    private void Record(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var key = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal))}";
        lock (_lock)
        {
            _sums[key] = _sums.GetValueOrDefault(key) + value;
        }
    }
}
