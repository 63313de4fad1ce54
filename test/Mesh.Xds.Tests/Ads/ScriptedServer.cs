using System.Threading.Channels;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>An xDS server inside the test: each stream that the client opens is handed to the test.</summary>
internal sealed class ScriptedServer(XdsServerFeatures? features = null) : IAdsTransport
{
    private readonly Channel<ScriptedStream> _streams = Channel.CreateUnbounded<ScriptedStream>();
    private readonly Channel<ScriptedDeltaStream> _deltaStreams = Channel.CreateUnbounded<ScriptedDeltaStream>();
    private int _opened;

    public string Name { get; init; } = "https://scripted:15012";

    public XdsServerFeatures Features { get; } = features ?? XdsServerFeatures.None;

    public AdsVariant Variant { get; init; }

    /// <summary>Set: delta streams fail so, as on a server that does not serve them.</summary>
    public Exception? RefuseDelta { get; set; }

    /// <summary>Set: streams fail before anything is sent.</summary>
    public Exception? Refuse { get; set; }

    public int Opened => Volatile.Read(ref _opened);

    public Task<IAdsStream> OpenAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        var stream = new ScriptedStream();
        if (Refuse is { } error)
        {
            // As on a connection that never comes to be: nothing is ever sent.
            stream.Writable = new TaskCompletionSource().Task;
            stream.Fail(error);
        }

        _streams.Writer.TryWrite(stream);
        return Task.FromResult<IAdsStream>(stream);
    }

    public Task<IDeltaAdsStream> OpenDeltaAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        var stream = new ScriptedDeltaStream();
        if (RefuseDelta is { } error)
        {
            stream.Writable = new TaskCompletionSource().Task;
            stream.Fail(error);
        }

        _deltaStreams.Writer.TryWrite(stream);
        return Task.FromResult<IDeltaAdsStream>(stream);
    }

    public async Task<ScriptedDeltaStream> AcceptDeltaAsync() =>
        await _deltaStreams.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<ScriptedStream> AcceptAsync() =>
        await _streams.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
