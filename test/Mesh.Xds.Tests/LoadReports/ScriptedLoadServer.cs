using System.Threading.Channels;
using Envoy.Service.LoadStats.V3;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Xds.Tests.LoadReports;

/// <summary>The server's end of load reports, without a network.</summary>
internal sealed class ScriptedLoadServer : IAdsTransport
{
    private readonly Channel<ScriptedStream> _streams = Channel.CreateUnbounded<ScriptedStream>();

    public string Name => "http://scripted";

    public XdsServerFeatures Features => XdsServerFeatures.None;

    /// <summary>Set: no stream opens.</summary>
    public Exception? Refuse { get; set; }

    public int Opened { get; private set; }

    public Task<IAdsStream> OpenAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ILoadStatsStream> OpenLoadStatsAsync(CancellationToken cancellationToken)
    {
        Opened++;
        if (Refuse is not null)
        {
            return Task.FromException<ILoadStatsStream>(Refuse);
        }

        var stream = new ScriptedStream();
        _streams.Writer.TryWrite(stream);
        return Task.FromResult<ILoadStatsStream>(stream);
    }

    public Task<ScriptedStream> AcceptAsync() => _streams.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal sealed class ScriptedStream : ILoadStatsStream
    {
        private readonly Channel<LoadStatsRequest> _requests = Channel.CreateUnbounded<LoadStatsRequest>();
        private readonly Channel<LoadStatsResponse> _responses = Channel.CreateUnbounded<LoadStatsResponse>();
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task ClosedByClient => _closed.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public bool HasRequest => _requests.Reader.TryPeek(out _);

        public Task<LoadStatsRequest> NextAsync() => _requests.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public void Send(LoadStatsResponse response) => _responses.Writer.TryWrite(response);

        public void End(Exception? error = null) => _responses.Writer.TryComplete(error);

        public Task WriteAsync(LoadStatsRequest request, CancellationToken cancellationToken)
        {
            _requests.Writer.TryWrite(request);
            return Task.CompletedTask;
        }

        public async Task<LoadStatsResponse?> ReadAsync(CancellationToken cancellationToken) =>
            await _responses.Reader.WaitToReadAsync(cancellationToken) && _responses.Reader.TryRead(out var response) ? response : null;

        public ValueTask DisposeAsync()
        {
            _closed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
