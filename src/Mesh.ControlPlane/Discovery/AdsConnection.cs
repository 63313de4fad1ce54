using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Envoy.Service.Discovery.V3;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// One client's stream. A single loop takes requests and pushes in turn, so there is never more than one write in flight, a client
/// that floods us with requests is slowed down by its own answers, and pushes that pile up meanwhile become one.
/// </summary>
internal sealed partial class AdsConnection
{
    private readonly IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> _stream;
    private readonly ClientNode _node;
    private readonly SpiffeId? _identity;
    private readonly AdsSettings _settings;
    private readonly Func<IResourceGenerator> _latest;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DateTimeOffset _connectedAt;
    private readonly ConcurrentDictionary<string, Subscription> _subscriptions = new();
    private readonly Channel<bool> _pushSignal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private IResourceGenerator _generator;
    private IResourceView _view;
    private long _responses;

    public AdsConnection(
        IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> stream,
        ClientNode node,
        SpiffeId? identity,
        AdsSettings settings,
        Func<IResourceGenerator> latest,
        TimeProvider time,
        ILogger logger)
    {
        _stream = stream;
        _node = node;
        _identity = identity;
        _settings = settings;
        _latest = latest;
        _time = time;
        _logger = logger;
        _connectedAt = time.GetUtcNow();
        _generator = latest();
        _view = _generator.ViewFor(node.View);
    }

    public ClientStatus Status => new(
        _node.Id,
        _node.View,
        _identity,
        _connectedAt,
        [.. _generator.TypeUrls.Select(type => _subscriptions.GetValueOrDefault(type)?.Status).OfType<SubscriptionStatus>()]);

    /// <summary>Asks for a push of the latest state. Free, and any number of times.</summary>
    public void SignalPush() => _pushSignal.Writer.TryWrite(true);

    /// <summary>Why the stream was ended; null = it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Ends the stream of a client that is no longer admitted.</summary>
    public void Review(IWorkloadAdmission? admission)
    {
        if (Refusal is null && admission?.ProblemOf(_identity, _node) is { } problem)
        {
            Refusal = problem;
            SignalPush();
        }
    }

    public async Task RunAsync(DiscoveryRequest first, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await HandleAsync(first, ended.Token).ConfigureAwait(false);
            var reading = _stream.ReadAsync(ended.Token);
            var signalled = _pushSignal.Reader.ReadAsync(ended.Token).AsTask();
            while (true)
            {
                await Task.WhenAny(reading, signalled).ConfigureAwait(false);
                if (reading.IsCompleted)
                {
                    if (await reading.ConfigureAwait(false) is not { } request)
                    {
                        return;
                    }

                    await HandleAsync(request, ended.Token).ConfigureAwait(false);
                    reading = _stream.ReadAsync(ended.Token);
                }

                if (signalled.IsCompleted)
                {
                    await signalled.ConfigureAwait(false);
                    if (Refusal is not null)
                    {
                        throw new GrpcException(GrpcStatusCode.PermissionDenied, Refusal);
                    }

                    await PushAsync(ended.Token).ConfigureAwait(false);
                    signalled = _pushSignal.Reader.ReadAsync(ended.Token).AsTask();
                }
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task HandleAsync(DiscoveryRequest request, CancellationToken cancellationToken)
    {
        if (FindSubscription(request.TypeUrl) is not { } subscription)
        {
            Log.UnknownType(_logger, _node.Id, LogText.Of(request.TypeUrl));
            return;
        }

        CheckNames(request);
        if (request.ErrorDetail is { } error)
        {
            Log.Nack(_logger, _node.Id, request.TypeUrl, LogText.Of(error.Message));
        }

        if (subscription.Apply(request))
        {
            UseLatest();
            await SendAsync(subscription, Resolve(subscription, keepVanished: false), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// In the order that references follow: what is new comes before what refers to it, and what is gone leaves after nothing
    /// refers to it any more (xDS protocol, eventual consistency considerations).
    /// </summary>
    private async Task PushAsync(CancellationToken cancellationToken)
    {
        UseLatest();
        var clusterReplaced = false;
        List<Subscription>? vanishing = null;
        foreach (var typeUrl in _generator.TypeUrls)
        {
            if (!_subscriptions.TryGetValue(typeUrl, out var subscription) || subscription.IsEmpty)
            {
                continue;
            }

            var isReferredTo = typeUrl == ResourceKinds.Cluster.TypeUrl || typeUrl == ResourceKinds.Endpoints.TypeUrl;
            var content = Resolve(subscription, keepVanished: isReferredTo);
            if (content.KeepsVanished)
            {
                (vanishing ??= []).Add(subscription);
            }

            clusterReplaced |= typeUrl == ResourceKinds.Cluster.TypeUrl && subscription.Replaces(content);

            // A client that warms clusters, as Envoy does, waits for endpoints after each change of a cluster.
            var warms = typeUrl == ResourceKinds.Endpoints.TypeUrl && clusterReplaced;
            if (warms || subscription.Differs(content))
            {
                await SendAsync(subscription, content, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var subscription in vanishing ?? [])
        {
            await SendAsync(subscription, Resolve(subscription, keepVanished: false), cancellationToken).ConfigureAwait(false);
        }
    }

    private SubscriptionContent Resolve(Subscription subscription, bool keepVanished)
    {
        var content = subscription.Resolve(_view, keepVanished);
        foreach (var (name, failure) in content.Failures)
        {
            Log.NotTranslated(_logger, subscription.TypeUrl, LogText.Of(name), failure);
        }

        return content;
    }

    private void UseLatest()
    {
        var latest = _latest();
        if (!ReferenceEquals(latest, _generator))
        {
            _generator = latest;
            _view = latest.ViewFor(_node.View);
        }
    }

    private Subscription? FindSubscription(string typeUrl) =>
        _subscriptions.TryGetValue(typeUrl, out var known) ? known
        : _generator.TypeUrls.Contains(typeUrl)
            ? _subscriptions.GetOrAdd(typeUrl, type => new Subscription(
                type, fullState: type == ResourceKinds.Cluster.TypeUrl || type == ResourceKinds.Listener.TypeUrl))
            : null;

    private void CheckNames(DiscoveryRequest request)
    {
        if (request.ResourceNames.Count > _settings.MaxNamesPerType)
        {
            throw new GrpcException(
                GrpcStatusCode.ResourceExhausted,
                $"{request.ResourceNames.Count} names of {request.TypeUrl} are more than the limit of {_settings.MaxNamesPerType}");
        }

        foreach (var name in request.ResourceNames)
        {
            if (name.Length > _settings.MaxNameLength)
            {
                throw new GrpcException(
                    GrpcStatusCode.InvalidArgument, $"a resource's name of {name.Length} characters is longer than {_settings.MaxNameLength}");
            }
        }
    }

    private async Task SendAsync(Subscription subscription, SubscriptionContent content, CancellationToken cancellationToken)
    {
        var nonce = (++_responses).ToString(CultureInfo.InvariantCulture);
        var response = subscription.Send(content, _generator.Version, nonce);
        using var timeout = new CancellationTokenSource(_settings.WriteTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _stream.WriteAsync(response, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Not a status: the client does not read, so nothing but a reset would reach it.
            Log.Slow(_logger, _node.Id, _settings.WriteTimeout);
            _stream.HttpContext.Abort();
            throw;
        }
    }
}
