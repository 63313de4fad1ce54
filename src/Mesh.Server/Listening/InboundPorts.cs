using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Tcp;

namespace ProxylessMesh.Server.Listening;

/// <summary>All mesh ports of the process, in the order in which the server binds them.</summary>
internal sealed class InboundPorts(IInboundMesh mesh, InboundFilterCompiler filters, TcpAccessLog access, IServiceProvider services, ILoggerFactory loggers) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<InboundPort> _ports = [];
    private readonly ConditionalWeakTable<ListenOptions, InboundPort> _guarded = [];
    private readonly ConnectionSniffer _sniffer = new(mesh.Time);
    private readonly ILogger _logger = loggers.CreateLogger<InboundPorts>();

    /// <summary>Puts the mesh in front of an endpoint, unless it turns out to be one that the app secures itself or no TCP port.</summary>
    public void Guard(ListenOptions endpoint)
    {
        if (!mesh.Enabled || endpoint.EndPoint is not (IPEndPoint or FileHandleEndPoint))
        {
            return;
        }

        var port = new InboundPort(endpoint, mesh, filters, access, _logger);
        _guarded.AddOrUpdate(endpoint, port);
        endpoint.Use(next =>
        {
            // Known only now: defaults apply before UseHttps. The display name is what the server itself announces.
            if (endpoint.ToString()!.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            {
                return next;
            }

            if (port.Content == EndpointContent.Unknown && HttpEndpoint.Is(next))
            {
                port.Content = EndpointContent.Requests;
            }

            Add(port);
            var tls = TlsTermination.Build(services, endpoint.Protocols, mesh.Time, _sniffer, next);
            return new InboundConnectionMiddleware(port, mesh, _sniffer, endpoint.Protocols, tls, next).OnConnectionAsync;
        });
    }

    /// <summary>Says of an endpoint, in its configuration, that it carries bytes which only the app understands; <see cref="Guard"/> has come before.</summary>
    /// <param name="endpoint">With a connection handler of its own.</param>
    /// <param name="detection">How long a connection may be silent until it is taken for plaintext, where both are accepted.</param>
    public void CarryBytes(ListenOptions endpoint, TimeSpan detection)
    {
        if (_guarded.TryGetValue(endpoint, out var port))
        {
            (port.Content, port.Detection) = (EndpointContent.Bytes, detection);
        }
    }

    /// <summary>
    /// Says of an endpoint, in its configuration, that requests come out of its connections, although middleware of its own stands
    /// before the HTTP server; <see cref="Guard"/> has come before.
    /// </summary>
    public void CarryRequests(ListenOptions endpoint)
    {
        if (_guarded.TryGetValue(endpoint, out var port))
        {
            port.Content = EndpointContent.Requests;
        }
    }

    /// <summary>What the server has bound, one port number once.</summary>
    public IReadOnlyList<(InboundPort Port, IPEndPoint Address)> Bound()
    {
        lock (_lock)
        {
            return [.. _ports.Where(p => p.Address is not null).Select(p => (p, p.Address!)).DistinctBy(p => p.Item2.Port)];
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ports.ForEach(p => p.Dispose());
        }
    }

    private void Add(InboundPort port)
    {
        lock (_lock)
        {
            // "localhost" is one endpoint on two addresses.
            if (!_ports.Contains(port))
            {
                _ports.Add(port);
            }
        }
    }
}
