using System.Threading.Channels;
using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>
/// A server that answers by itself, in either variant, as long as it is up. Its value of a name is <c>server version</c>; its versions
/// are small numbers, as those of the other servers.
/// </summary>
internal sealed class AnsweringServer(string name, AdsVariant variant) : IAdsTransport
{
    private readonly Lock _lock = new();
    private readonly List<Connection> _connections = [];
    private readonly Dictionary<string, int> _versions = [];
    private bool _isUp = true;

    public string Name { get; } = name;

    public XdsServerFeatures Features => XdsServerFeatures.None;

    public AdsVariant Variant => variant;

    public int OpenStreams
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    public bool IsUp
    {
        get => _isUp;
        set
        {
            lock (_lock)
            {
                _isUp = value;
                foreach (var connection in value ? [] : _connections)
                {
                    connection.Fail();
                }
            }
        }
    }

    public string ValueOf(string resource)
    {
        lock (_lock)
        {
            return Text(resource);
        }
    }

    /// <summary>A new value, which all streams are told that want it.</summary>
    public void Change(string resource)
    {
        lock (_lock)
        {
            _versions[resource] = VersionOf(resource) + 1;
            foreach (var connection in _connections)
            {
                connection.Tell(resource);
            }
        }
    }

    public Task<IAdsStream> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<IAdsStream>(Open());

    public Task<IDeltaAdsStream> OpenDeltaAsync(CancellationToken cancellationToken) => Task.FromResult<IDeltaAdsStream>(Open());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Connection Open()
    {
        lock (_lock)
        {
            if (!_isUp)
            {
                throw new IOException($"{Name} is down");
            }

            var connection = new Connection(this);
            _connections.Add(connection);
            return connection;
        }
    }

    private int VersionOf(string resource) => _versions.GetValueOrDefault(resource, 1);

    private string Text(string resource) => $"{Name} {VersionOf(resource)}";

    private sealed class Connection(AnsweringServer server) : IAdsStream, IDeltaAdsStream
    {
        private readonly Channel<DiscoveryResponse> _responses = Channel.CreateUnbounded<DiscoveryResponse>();
        private readonly Channel<DeltaDiscoveryResponse> _deltas = Channel.CreateUnbounded<DeltaDiscoveryResponse>();
        private readonly HashSet<string> _names = [];
        private int _nonce;

        public Task WriteAsync(DiscoveryRequest request, CancellationToken cancellationToken)
        {
            lock (server._lock)
            {
                var isNew = request.ResponseNonce.Length == 0 || request.ResourceNames.Any(n => !_names.Contains(n));
                _names.Clear();
                _names.UnionWith(request.ResourceNames);
                if (isNew)
                {
                    Send(_names);
                }
            }

            return Task.CompletedTask;
        }

        public Task WriteAsync(DeltaDiscoveryRequest request, CancellationToken cancellationToken)
        {
            lock (server._lock)
            {
                _names.ExceptWith(request.ResourceNamesUnsubscribe);
                _names.UnionWith(request.ResourceNamesSubscribe);
                var news = request.ResourceNamesSubscribe.Where(n => request.InitialResourceVersions.GetValueOrDefault(n) != $"{server.VersionOf(n)}").ToList();
                if (news.Count > 0 || request.ResponseNonce.Length == 0)
                {
                    SendDelta(news);
                }
            }

            return Task.CompletedTask;
        }

        public void Tell(string resource)
        {
            if (!_names.Contains(resource))
            {
                return;
            }

            if (server.Variant == AdsVariant.Delta)
            {
                SendDelta([resource]);
            }
            else
            {
                Send(_names);
            }
        }

        public void Fail()
        {
            _responses.Writer.TryComplete(new IOException("down"));
            _deltas.Writer.TryComplete(new IOException("down"));
        }

        async Task<DiscoveryResponse?> IAdsStream.ReadAsync(CancellationToken cancellationToken) => await _responses.Reader.ReadAsync(cancellationToken);

        async Task<DeltaDiscoveryResponse?> IDeltaAdsStream.ReadAsync(CancellationToken cancellationToken) => await _deltas.Reader.ReadAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            lock (server._lock)
            {
                server._connections.Remove(this);
            }

            return ValueTask.CompletedTask;
        }

        private void Send(IEnumerable<string> names)
        {
            var response = new DiscoveryResponse { TypeUrl = Note.Full.TypeUrl, VersionInfo = $"{++_nonce}", Nonce = $"{_nonce}" };
            response.Resources.Add(names.Select(n => Note.Any(Note.Full, $"{n}={server.Text(n)}")));
            _responses.Writer.TryWrite(response);
        }

        private void SendDelta(IEnumerable<string> names)
        {
            var response = new DeltaDiscoveryResponse { TypeUrl = Note.Full.TypeUrl, Nonce = $"{++_nonce}" };
            response.Resources.Add(names.Select(n => new Resource { Name = n, Version = $"{server.VersionOf(n)}", Resource_ = Note.Any(Note.Full, $"{n}={server.Text(n)}") }));
            _deltas.Writer.TryWrite(response);
        }
    }
}
