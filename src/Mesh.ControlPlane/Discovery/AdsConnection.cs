using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// One client's stream. A single loop takes requests and pushes in turn, so there is never more than one write in flight, and a client
/// that floods us with requests is slowed down by its own answers.
/// </summary>
internal sealed class AdsConnection<TRequest>(
    IGrpcServerStream stream, IAdsVariant<TRequest> variant, ClientNode node, SpiffeId? identity, AdsContext context)
    : IAdsConnection
    where TRequest : class
{
    private readonly DateTimeOffset _connectedAt = context.Time.GetUtcNow();
    private readonly ConcurrentDictionary<string, SubscriptionOf<TRequest>> _subscriptions = new();
    private readonly Channel<bool> _pushSignal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly NackLog _nacks = new(node.Id, context.Time, context.Logger);
    private IResourceGenerator _generator = context.Latest();
    private IResourceView? _view;
    private long _responses;
    private readonly HashSet<string> _doubtful = new(StringComparer.Ordinal);
    private PushScope _pending = PushScope.Nothing;

    public ClientStatus Status => new(
        node.Id,
        node.View,
        identity,
        _connectedAt,
        [.. _generator.TypeUrls.Select(type => _subscriptions.GetValueOrDefault(type)?.Status).OfType<SubscriptionStatus>()])
    {
        Protocol = variant.Name,
    };

    public void SignalPush(PushScope scope)
    {
        // Pushes that pile up meanwhile become one, of all that they were about.
        PushScope before;
        do
        {
            before = _pending;
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _pending, before.Union(scope), before), before));
        _pushSignal.Writer.TryWrite(true);
    }

    public string? Refusal { get; private set; }

    public void Review(IWorkloadAdmission? admission)
    {
        if (Refusal is null && admission?.ProblemOf(identity, node) is { } problem)
        {
            Refusal = problem;
            SignalPush(PushScope.Nothing);
        }
    }

    public async Task RunAsync(TRequest first, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await HandleAsync(first, ended.Token).ConfigureAwait(false);
            var reading = stream.ReadAsync(variant, ended.Token);
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
                    reading = stream.ReadAsync(variant, ended.Token);
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

    private async Task HandleAsync(TRequest request, CancellationToken cancellationToken)
    {
        var head = variant.Head(request);
        if (FindSubscription(head.TypeUrl) is not { } subscription)
        {
            AdsLog.UnknownType(context.Logger, node.Id, LogText.Of(head.TypeUrl));
            return;
        }

        CheckNames(head.TypeUrl, variant.Names(request));
        if (head.Error is { } error)
        {
            _nacks.Write(head.TypeUrl, error);
        }

        var owed = subscription.Apply(request);
        CheckCount(head.TypeUrl, subscription.Status.Names);
        if (!owed)
        {
            return;
        }

        UseLatest();
        var (replaced, _) = await SendAsync(subscription, PushScope.Everything, keepVanished: false, always: true, cancellationToken).ConfigureAwait(false);
        if (RepeatEndpoints(head.TypeUrl, replaced))
        {
            SignalPush(PushScope.Nothing);
        }

        if (!ReferenceEquals(context.Latest(), _generator))
        {
            // What was asked for first just now may not be among the changes that were counted before.
            _doubtful.Add(head.TypeUrl);
            SignalPush(PushScope.Nothing);
        }
    }

    /// <summary>
    /// In the order that references follow: what is new comes before what refers to it, and what is gone leaves after nothing
    /// refers to it any more (xDS protocol, eventual consistency considerations).
    /// </summary>
    private async Task PushAsync(CancellationToken cancellationToken)
    {
        // In this order: a state that comes in between is signalled again.
        var scope = Interlocked.Exchange(ref _pending, PushScope.Nothing);
        UseLatest();
        List<SubscriptionOf<TRequest>>? vanishing = null;
        foreach (var typeUrl in _generator.TypeUrls)
        {
            if (!_subscriptions.TryGetValue(typeUrl, out var subscription) || subscription.IsEmpty)
            {
                continue;
            }

            var (replaced, keptVanished) = await SendAsync(subscription, Part(scope, typeUrl), IsReferredTo(typeUrl), always: false, cancellationToken).ConfigureAwait(false);
            RepeatEndpoints(typeUrl, replaced);
            if (keptVanished)
            {
                (vanishing ??= []).Add(subscription);
            }
        }

        foreach (var subscription in vanishing ?? [])
        {
            await SendAsync(subscription, Part(scope, subscription.TypeUrl), keepVanished: false, always: false, cancellationToken).ConfigureAwait(false);
        }

        if (ReferenceEquals(context.Latest(), _generator))
        {
            _doubtful.Clear();
        }
        else
        {
            SignalPush(scope);
        }
    }

    /// <summary>What servers listen with depends on policies of their namespace, and on which ports are registered there; gateways look at all of the mesh.</summary>
    private PushScope Part(PushScope scope, string typeUrl) =>
        _doubtful.Contains(typeUrl) ? PushScope.Everything
        : typeUrl == ResourceKinds.Listener.TypeUrl
            && (node.View.Profile == ProxyProfile.Grpc ? scope.GrpcServersOf : scope.ServersOf).Contains(node.View.Namespace)
            ? PushScope.Everything
        : scope.OfGateways && node.View.IsGateway && (typeUrl == ResourceKinds.Listener.TypeUrl || typeUrl == ResourceKinds.Route.TypeUrl)
            ? PushScope.Everything
        : scope;

    private static bool IsReferredTo(string typeUrl) => typeUrl == ResourceKinds.Cluster.TypeUrl || typeUrl == ResourceKinds.Endpoints.TypeUrl;

    /// <summary>A client that warms clusters, as Envoy does, waits for endpoints after each change of a cluster. Both have the same name.</summary>
    private bool RepeatEndpoints(string typeUrl, IReadOnlyCollection<string> replaced)
    {
        if (replaced.Count == 0 || typeUrl != ResourceKinds.Cluster.TypeUrl || !_subscriptions.TryGetValue(ResourceKinds.Endpoints.TypeUrl, out var endpoints))
        {
            return false;
        }

        endpoints.Repeat(replaced);
        return true;
    }

    private void UseLatest()
    {
        var latest = context.Latest();
        if (_view is null || !ReferenceEquals(latest, _generator))
        {
            _generator = latest;
            _view = latest.ViewFor(node.View);
        }
    }

    private SubscriptionOf<TRequest>? FindSubscription(string typeUrl) =>
        _subscriptions.TryGetValue(typeUrl, out var known) ? known
        : _generator.TypeUrls.Contains(typeUrl)
            ? _subscriptions.GetOrAdd(
                typeUrl,
                static (type, v) => v.Subscribe(type, allByDefault: type == ResourceKinds.Cluster.TypeUrl || type == ResourceKinds.Listener.TypeUrl),
                variant)
            : null;

    private void CheckNames(string typeUrl, IEnumerable<string> names)
    {
        var count = 0;
        foreach (var name in names)
        {
            CheckCount(typeUrl, ++count);
            if (name.Length > context.Settings.MaxNameLength)
            {
                throw new GrpcException(
                    GrpcStatusCode.InvalidArgument, $"a resource's name of {name.Length} characters is longer than {context.Settings.MaxNameLength}");
            }
        }
    }

    private void CheckCount(string typeUrl, int count)
    {
        if (count > context.Settings.MaxNamesPerType)
        {
            throw new GrpcException(
                GrpcStatusCode.ResourceExhausted, $"more names of {typeUrl} than the limit of {context.Settings.MaxNamesPerType}");
        }
    }

    /// <summary>Puts a response together and sends it, if there is something to say. Tells the names of what it replaces.</summary>
    private async Task<(IReadOnlyCollection<string> Replaced, bool KeptVanished)> SendAsync(
        SubscriptionOf<TRequest> subscription, PushScope scope, bool keepVanished, bool always, CancellationToken cancellationToken)
    {
        if (!always && !subscription.IsTouchedBy(scope))
        {
            return ([], false);
        }

        EncodedMessage? response = null;
        IReadOnlyCollection<string> replaced = [];
        bool keptVanished;
        await context.Pushes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var content = subscription.Resolve(_view!, keepVanished, scope);
            keptVanished = content.KeepsVanished;
            foreach (var (name, failure) in content.Failures)
            {
                AdsLog.NotTranslated(context.Logger, subscription.TypeUrl, LogText.Of(name), failure);
            }

            if (always || subscription.Differs(content))
            {
                replaced = subscription.TypeUrl == ResourceKinds.Cluster.TypeUrl ? subscription.Replaced(content) : [];
                response = subscription.Send(content, _generator.Version, (++_responses).ToString(CultureInfo.InvariantCulture), answers: always);
            }
        }
        finally
        {
            // Before the write: a client that does not read must not hold up the others.
            context.Pushes.Release();
        }

        if (response is not null)
        {
            await WriteAsync(response, cancellationToken).ConfigureAwait(false);
        }

        return (replaced, keptVanished);
    }

    private async Task WriteAsync(EncodedMessage response, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(context.Settings.WriteTimeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await stream.WriteAsync(response, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Not a status: the client does not read, so nothing but a reset would reach it.
            AdsLog.Slow(context.Logger, node.Id, context.Settings.WriteTimeout);
            stream.HttpContext.Abort();
            throw;
        }
    }
}
