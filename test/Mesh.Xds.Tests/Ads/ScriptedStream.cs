using System.Threading.Channels;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>The server's end of one stream.</summary>
internal sealed class ScriptedStream : IAdsStream
{
    private readonly Channel<DiscoveryRequest> _requests = Channel.CreateUnbounded<DiscoveryRequest>();
    private readonly Channel<DiscoveryResponse> _responses = Channel.CreateUnbounded<DiscoveryResponse>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;

    /// <summary>Set: requests are not taken until it completes.</summary>
    public Task Writable { get; set; } = Task.CompletedTask;

    /// <summary>How often the client has asked for a message.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Completes when the client has let go of the stream.</summary>
    public Task ClosedByClient => _closed.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<DiscoveryRequest> NextAsync() =>
        await _requests.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public bool HasRequest => _requests.Reader.TryPeek(out _);

    public void Send(DiscoveryResponse response) => _responses.Writer.TryWrite(response);

    public void Send<T>(ResourceKind<T> kind, string version, string nonce, params Any[] resources)
        where T : class => Send(new() { TypeUrl = kind.TypeUrl, VersionInfo = version, Nonce = nonce, Resources = { resources } });

    /// <summary>Sends and waits for the answer to it.</summary>
    public async Task<DiscoveryRequest> ExchangeAsync<T>(ResourceKind<T> kind, string version, string nonce, params Any[] resources)
        where T : class
    {
        Send(kind, version, nonce, resources);
        return await NextAsync();
    }

    public void Fail(Exception error) => _responses.Writer.TryComplete(error);

    public void End() => _responses.Writer.TryComplete();

    public async Task WriteAsync(DiscoveryRequest request, CancellationToken cancellationToken)
    {
        await Writable.WaitAsync(cancellationToken);
        _requests.Writer.TryWrite(request);
    }

    public async Task<DiscoveryResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return await _responses.Reader.WaitToReadAsync(cancellationToken) && _responses.Reader.TryRead(out var response) ? response : null;
    }

    public ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
