using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Randomness;
using Spiffe.Workload;

namespace ProxylessMesh.Xds.Identity.WorkloadApi;

/// <summary>
/// A certificate that a SPIFFE agent (SPIRE) keeps fresh: one stream over a Unix socket, on which it sends certificate, roots,
/// federated roots and revocation lists whenever one changes. The agent finds out by itself who asks.
/// </summary>
internal sealed partial class WorkloadApiIdentitySource : IIdentitySource
{
    private readonly Uri _socket;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;
    private readonly ILogger<WorkloadApiIdentitySource> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<IdentityState> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IdentityState? _current;
    private Task _loop = Task.CompletedTask;
    private int _failures;

    /// <param name="socket"><c>unix:///run/spire/agent.sock</c>.</param>
    /// <param name="time">Clock of back-off and validity.</param>
    /// <param name="random">Dice of the back-off's jitter.</param>
    /// <param name="logger">Events 1460 to 1462.</param>
    public WorkloadApiIdentitySource(Uri socket, TimeProvider time, IRandomSource random, ILogger<WorkloadApiIdentitySource> logger)
    {
        _socket = socket;
        _time = time;
        _random = random;
        _logger = logger;
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public IdentityState? Current => _current;

    /// <inheritdoc/>
    public string? LastError { get; private set; }

    /// <inheritdoc/>
    public void Start() => _loop = Task.Run(() => RunAsync(_stop.Token));

    /// <inheritdoc/>
    public Task<IdentityState> WaitAsync(CancellationToken cancellationToken) => _first.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _first.TrySetCanceled();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stop).ConfigureAwait(false);
                Fail("the agent ended the stream");
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, the next try may succeed, and nobody else would make it.
                Fail(e.Message);
            }

            await Task.Delay(RotationSchedule.UntilRetry(_failures, _random), _time, stop).ConfigureAwait(false);
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        using var channel = new GrpcChannel(_socket, new GrpcChannelSettings(), null, _time);
        var call = channel.Duplex(WorkloadApiMethods.FetchX509Svid, new GrpcCallOptions(Metadata: [new(WorkloadApiMethods.SecurityHeader, "true")]));
        await using (call.ConfigureAwait(false))
        {
            await call.WriteAsync(new X509SVIDRequest(), stop).ConfigureAwait(false);
            await call.CompleteAsync().ConfigureAwait(false);
            while (await call.ReadAsync(stop).ConfigureAwait(false) is { } response)
            {
                Take(response);
            }
        }
    }

    // What cannot be used leaves the last good identity in force.
    private void Take(X509SVIDResponse response)
    {
        try
        {
            var state = X509SvidReader.Read(response, _time);
            _current = state;
            _failures = 0;
            LastError = null;
            Log.Received(_logger, state.Certificate.Id, state.Certificate.NotAfter, state.Bundle.Federated.Count);
            _first.TrySetResult(state);
            Changed?.Invoke();
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            LastError = e.Message;
            Log.NotUsable(_logger, e.Message);
        }
    }

    private void Fail(string reason)
    {
        _failures++;
        LastError = reason;
        Log.Unreachable(_logger, _socket, _failures, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(1460, LogLevel.Information, "The SPIFFE agent sent the certificate of {Id}, valid until {NotAfter:u}, and roots of {Federated} federated trust domains")]
        public static partial void Received(ILogger logger, SpiffeId id, DateTimeOffset notAfter, int federated);

        [LoggerMessage(1461, LogLevel.Warning, "What the SPIFFE agent sent cannot be used, the last good certificate stays: {Reason}")]
        public static partial void NotUsable(ILogger logger, string reason);

        [LoggerMessage(1462, LogLevel.Warning, "The SPIFFE agent at {Socket} cannot be reached (try {Tries}), the last good certificate stays: {Reason}")]
        public static partial void Unreachable(ILogger logger, Uri socket, int tries, string reason);
    }
}
