using System.Collections.Concurrent;
using ProxylessMesh.Client;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Tests.Fixture;

/// <summary>A mesh whose inbound policy and certificate the test sets.</summary>
internal sealed class ScriptedMesh : IInboundMesh
{
    public const string ServerId = "spiffe://cluster.local/ns/default/sa/reviews";

    private readonly ConcurrentDictionary<string, (Action<InboundListenerConfig> OnListener, Action<ResourceError> OnMissing)> _watches = new();
    private Func<string, InboundListenerConfig?> _policy;

    public ScriptedMesh(Func<string, InboundListenerConfig?>? policy = null)
    {
        _policy = policy ?? Listeners.Permissive;
        Authority = new TestAuthority(TimeProvider.System);
        Source = new SettableIdentity(Authority.IssueIdentity(ServerId));
    }

    public TestAuthority Authority { get; }

    public SettableIdentity? Source { get; set; }

    public bool Enabled { get; init; } = true;

    public MeshOptions Options { get; } = new() { DrainDelay = TimeSpan.Zero };

    public IIdentitySource? Identity => Source;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Each call of SetListeningPorts.</summary>
    public ConcurrentQueue<IReadOnlyList<KeyValuePair<string, int>>> Registrations { get; } = new();

    /// <summary>Runs inside the call that takes the ports back.</summary>
    public Action? TakenBack { get; set; }

    public bool? AcceptsMutualTls { get; private set; }

    public ICollection<string> Watched => _watches.Keys;

    public IDisposable WatchInbound(string address, Action<InboundListenerConfig> onListener, Action<ResourceError> onMissing)
    {
        _watches[address] = (onListener, onMissing);
        if (_policy(address) is { } listener)
        {
            onListener(listener);
        }

        return new Unwatch(() => _watches.TryRemove(address, out _));
    }

    public HttpMessageHandler CreateHandler(HttpMessageHandler passThrough) => passThrough;

    public void SetListeningPorts(IReadOnlyList<KeyValuePair<string, int>> ports, bool acceptsMutualTls)
    {
        AcceptsMutualTls = acceptsMutualTls;
        if (ports.Count == 0)
        {
            TakenBack?.Invoke();
        }

        Registrations.Enqueue(ports);
    }

    /// <summary>The control plane pushes a new policy for every port.</summary>
    public void Push(Func<string, InboundListenerConfig?> policy)
    {
        _policy = policy;
        foreach (var (name, watch) in _watches)
        {
            watch.OnListener(policy(name)!);
        }
    }

    /// <summary>The control plane says that there is nothing.</summary>
    public void PushMissing(ResourceErrorKind kind)
    {
        foreach (var watch in _watches.Values)
        {
            watch.OnMissing(new ResourceError(kind, "as the test says"));
        }
    }

    private sealed class Unwatch(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
