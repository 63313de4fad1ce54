using System.Globalization;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>An entry of MeshConfig.extensionProviders.</summary>
internal static class AuthorizationProviderReader
{
    private const int MaxBody = 16 * 1024 * 1024;

    // Providers of telemetry and secrets: this version has none of them.
    private static readonly KnownFields Known = new(
        Unsupported:
        [
            "zipkin", "lightstep", "datadog", "stackdriver", "opencensus", "skywalking", "opentelemetry", "prometheus", "envoyFileAccessLog", "envoyHttpAls",
            "envoyTcpAls", "envoyOtelAls", "sds",
        ],
        NotApplied: [],
        Irrelevant: []);

    public static AuthorizationProvider? Read(YamlObject item)
    {
        var name = item.RequiredString("name");
        var http = item.Object("envoyExtAuthzHttp");
        var grpc = item.Object("envoyExtAuthzGrpc");
        item.Close(Known);
        if (http is not null == (grpc is not null))
        {
            if (item.Problems.HasErrors)
            {
                return null;
            }

            item.Problems.Error(item.Position, ProblemCodes.ProviderUnclear, $"{item.Path} needs exactly one of envoyExtAuthzHttp and envoyExtAuthzGrpc");
            return null;
        }

        return Service((http ?? grpc)!, name ?? "", http is not null);
    }

    private static AuthorizationProvider? Service(YamlObject service, string name, bool isHttp)
    {
        service.ReportIfMissing("port");
        var host = Host(service);
        var port = service.Port("port");
        var provider = new AuthorizationProvider(name, host ?? "", port ?? 0)
        {
            Timeout = service.Duration("timeout") ?? TimeSpan.FromMinutes(10),
            FailsOpen = service.Bool("failOpen") ?? false,
            StatusOnError = Status(service),
            Body = service.Object("includeRequestBodyInCheck") is { } body ? Body(body) : null,
            ClearsRouteCache = service.Bool("clearRouteCache") ?? false,
            Http = isHttp ? Http(service) : null,
        };
        service.Close(KnownFields.None);
        return host is null || port is null ? null : provider;
    }

    private static HttpAuthorizationProvider Http(YamlObject service)
    {
        var prefix = service.String("pathPrefix") ?? "";
        if (prefix.Length > 0 && (prefix[0] != '/' || !MessageRules.IsPath(prefix) || prefix.Contains('?', StringComparison.Ordinal)))
        {
            service.Problems.Error(service.PositionOf("pathPrefix"), ProblemCodes.InvalidValue, $"{service.PathOf("pathPrefix")} {Quoted.Of(prefix)} is not a path");
        }

        if (service.Has("includeHeadersInCheck") && service.Has("includeRequestHeadersInCheck"))
        {
            service.Problems.Error(service.PositionOf("includeHeadersInCheck"), ProblemCodes.Conflict, $"{service.PathOf("includeHeadersInCheck")} is the old name of includeRequestHeadersInCheck", "remove it");
        }

        return new HttpAuthorizationProvider(prefix)
        {
            IncludedHeaders = [.. Names(service, "includeHeadersInCheck"), .. Names(service, "includeRequestHeadersInCheck")],
            AddedHeaders = Added(service),
            ToUpstreamOnAllow = Names(service, "headersToUpstreamOnAllow"),
            ToDownstreamOnDeny = Names(service, "headersToDownstreamOnDeny"),
            ToDownstreamOnAllow = Names(service, "headersToDownstreamOnAllow"),
        };
    }

    /// <summary><c>[namespace/]host</c>: a host of the mesh is the same for everybody.</summary>
    private static string? Host(YamlObject service)
    {
        if (service.RequiredString("service") is not { } text)
        {
            return null;
        }

        var host = text[(text.IndexOf('/', StringComparison.Ordinal) + 1)..].ToLowerInvariant();
        if (DnsName.IsHost(host) && !host.Contains('*', StringComparison.Ordinal) && host.Contains('.', StringComparison.Ordinal))
        {
            return host;
        }

        service.Problems.Error(
            service.PositionOf("service"), ProblemCodes.InvalidValue, $"{service.PathOf("service")} {Quoted.Of(text)} is not a full host name", "write authz.default.svc.cluster.local, with or without a namespace and a slash before it");
        return null;
    }

    private static int Status(YamlObject service)
    {
        if (service.String("statusOnError") is not { } text)
        {
            return 403;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and <= 599)
        {
            return status;
        }

        service.Problems.Error(service.PositionOf("statusOnError"), ProblemCodes.InvalidValue, $"{service.PathOf("statusOnError")} {Quoted.Of(text)} is not a status from \"400\" to \"599\"");
        return 403;
    }

    private static CheckedBodyConfig Body(YamlObject body)
    {
        body.ReportIfMissing("maxRequestBytes");
        var max = body.Int("maxRequestBytes", 1, MaxBody) ?? 1;
        var read = new CheckedBodyConfig(max, body.Bool("allowPartialMessage") ?? false, body.Bool("packAsBytes") ?? false);
        body.Close(KnownFields.None);
        return read;
    }

    private static EquatableMap Added(YamlObject service)
    {
        var added = service.StringMap("includeAdditionalHeadersInCheck");
        foreach (var (name, value) in added.Entries)
        {
            if (!MessageRules.IsChangeableHeader(name.ToLowerInvariant()) || !MessageRules.IsHeaderValue(value))
            {
                service.Problems.Error(
                    service.PositionOf("includeAdditionalHeadersInCheck"), ProblemCodes.InvalidValue, $"{service.PathOf("includeAdditionalHeadersInCheck")}: {Quoted.Of(name)} is no header that can be added, or has no such value");
            }
        }

        return added;
    }

    private static EquatableArray<string> Names(YamlObject service, string field)
    {
        var names = service.Strings(field);
        foreach (var name in names)
        {
            var stem = name.StartsWith('*') ? name[1..] : name.EndsWith('*') ? name[..^1] : name;
            if (!MessageRules.IsChangeableHeader(stem.ToLowerInvariant()) || stem.Contains('*', StringComparison.Ordinal))
            {
                service.Problems.Error(service.PositionOf(field), ProblemCodes.InvalidName, $"{service.PathOf(field)}: {Quoted.Of(name)} is not the name of a header", "x-user, x-*, or *-user");
            }
        }

        return names;
    }
}
