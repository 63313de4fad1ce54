using System.Threading.Channels;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>The server's end of one delta stream.</summary>
internal sealed class ScriptedDeltaStream : IDeltaAdsStream
{
    private readonly Channel<DeltaDiscoveryRequest> _requests = Channel.CreateUnbounded<DeltaDiscoveryRequest>();
    private readonly Channel<DeltaDiscoveryResponse> _responses = Channel.CreateUnbounded<DeltaDiscoveryResponse>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;

    /// <summary>Set: requests are not taken until it completes.</summary>
    public Task Writable { get; set; } = Task.CompletedTask;

    /// <summary>How often the client has asked for a message.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Completes when the client has let go of the stream.</summary>
    public Task ClosedByClient => _closed.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<DeltaDiscoveryRequest> NextAsync() =>
        await _requests.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public bool HasRequest => _requests.Reader.TryPeek(out _);

    public void Send(DeltaDiscoveryResponse response) => _responses.Writer.TryWrite(response);

    /// <param name="kind">The type.</param>
    /// <param name="nonce">Of the response; its version is <c>s</c> and the nonce.</param>
    /// <param name="removed">Names, separated by commas.</param>
    /// <param name="resources">As <c>name@version=text</c>.</param>
    public void Send<T>(ResourceKind<T> kind, string nonce, string removed = "", params string[] resources)
        where T : class
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = kind.TypeUrl, SystemVersionInfo = $"s{nonce}", Nonce = nonce };
        response.RemovedResources.AddRange(removed.Split(',', StringSplitOptions.RemoveEmptyEntries));
        response.Resources.AddRange(resources.Select(r => Parse(kind.TypeUrl, r)));
        Send(response);
    }

    /// <summary>Sends and waits for the answer to it.</summary>
    public async Task<DeltaDiscoveryRequest> ExchangeAsync<T>(ResourceKind<T> kind, string nonce, string removed = "", params string[] resources)
        where T : class
    {
        Send(kind, nonce, removed, resources);
        return await NextAsync();
    }

    public void Fail(Exception error) => _responses.Writer.TryComplete(error);

    public void End() => _responses.Writer.TryComplete();

    public async Task WriteAsync(DeltaDiscoveryRequest request, CancellationToken cancellationToken)
    {
        await Writable.WaitAsync(cancellationToken);
        _requests.Writer.TryWrite(request);
    }

    public async Task<DeltaDiscoveryResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return await _responses.Reader.WaitToReadAsync(cancellationToken) && _responses.Reader.TryRead(out var response) ? response : null;
    }

    public ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private static Resource Parse(string typeUrl, string text)
    {
        var parts = text.Split('@', '=');
        return new Resource
        {
            Name = parts[0],
            Version = parts[1],
            Resource_ = new Any { TypeUrl = typeUrl, Value = ByteString.CopyFromUtf8($"{parts[0]}={parts[2]}") },
        };
    }
}
