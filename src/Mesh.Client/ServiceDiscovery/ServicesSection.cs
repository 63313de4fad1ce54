using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace ProxylessMesh.Client.ServiceDiscovery;

/// <summary>
/// The section <c>Services</c> as Microsoft.Extensions.ServiceDiscovery reads it: <c>Services:NAME:ENDPOINT</c> holds one address
/// or a list, and ENDPOINT is <c>https</c>, <c>http</c>, <c>default</c> or a name of its own. A reload of the configuration counts at once.
/// </summary>
internal sealed partial class ServicesSection : IDisposable
{
    private const string Default = "default";

    private readonly ILogger _logger;
    private readonly IDisposable? _reloads;
    private volatile FrozenDictionary<string, Dictionary<string, AddressList>> _services = FrozenDictionary<string, Dictionary<string, AddressList>>.Empty;

    public ServicesSection(IConfiguration? configuration, ILogger logger)
    {
        _logger = logger;
        if (configuration is not null)
        {
            Read(configuration);
            _reloads = ChangeToken.OnChange(configuration.GetReloadToken, () => Read(configuration));
        }
    }

    /// <summary>Where a call goes that the mesh does not know: to an address of the section, or null when it says nothing.</summary>
    public Uri? Resolve(Uri uri)
    {
        if (_services.Count == 0 || uri.Host.Length == 0)
        {
            return null;
        }

        // _endpoint.name asks for an endpoint by its name.
        var dot = uri.Host[0] == '_' ? uri.Host.IndexOf('.', StringComparison.Ordinal) : -1;
        var name = dot < 0 ? uri.Host : uri.Host[(dot + 1)..];
        if (!_services.TryGetValue(name, out var endpoints))
        {
            return null;
        }

        var schemes = uri is LogicalUri logical ? logical.Schemes : [uri.Scheme];
        return dot < 0 ? ByScheme(endpoints, uri, schemes) : Of(endpoints, uri.Host[1..dot], uri, schemes, schemes[0]);
    }

    public void Dispose() => _reloads?.Dispose();

    private static Uri? ByScheme(Dictionary<string, AddressList> endpoints, Uri uri, IReadOnlyList<string> schemes)
    {
        var found = Of(endpoints, Default, uri, schemes, schemes[0]);
        for (var i = 0; i < schemes.Count && found is null; i++)
        {
            found = Of(endpoints, schemes[i], uri, schemes, schemes[i]);
        }

        return found;
    }

    private static Uri? Of(Dictionary<string, AddressList> endpoints, string endpoint, Uri uri, IReadOnlyList<string> schemes, string own) =>
        endpoints.TryGetValue(endpoint, out var list) && list.Next(schemes, own) is { } next
            ? new UriBuilder(uri) { Scheme = next.Scheme, Host = next.Address.Host, Port = next.Address.Port }.Uri
            : null;

    private void Read(IConfiguration configuration)
    {
        var services = new Dictionary<string, Dictionary<string, AddressList>>(StringComparer.OrdinalIgnoreCase);
        foreach (var service in configuration.GetSection("Services").GetChildren())
        {
            var endpoints = new Dictionary<string, AddressList>(StringComparer.OrdinalIgnoreCase);
            foreach (var endpoint in service.GetChildren())
            {
                var values = endpoint.Value is { Length: > 0 } single ? [single] : endpoint.GetChildren().Select(c => c.Value ?? "");
                var addresses = values.Select(v => Parse(endpoint.Path, v)).OfType<ServiceAddress>().ToArray();
                if (addresses.Length > 0)
                {
                    endpoints[endpoint.Key] = new AddressList(addresses);
                }
            }

            services[service.Key] = endpoints;
        }

        _services = services.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private ServiceAddress? Parse(string path, string value)
    {
        var address = ServiceAddress.Parse(value);
        if (address is null)
        {
            Log.NoAddress(_logger, path, value);
        }

        return address;
    }

    private static partial class Log
    {
        [LoggerMessage(2651, LogLevel.Warning, "{Path} holds {Value}, which is no address; it is left out. Write https://host:port or host:port.")]
        public static partial void NoAddress(ILogger logger, string path, string value);
    }
}
