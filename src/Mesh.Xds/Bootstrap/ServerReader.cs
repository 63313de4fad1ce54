using System.Text.Json;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>Reads one element of <c>xds_servers</c>.</summary>
internal static class ServerReader
{
    // gRPC's default port of a target without one.
    private const int DefaultPort = 443;

    public static XdsServerConfig Read(JsonCursor server)
    {
        var target = server.FindText("server_uri") ?? throw server.Error("must hold server_uri");
        var tls = ReadChannelCredentials(server);
        var address = ReadAddress(server, target, tls is not null);
        var tokenFile = ReadTokenFile(server);
        if (tokenFile is not null && tls is null && address.Scheme != "unix")
        {
            throw server.Error("holds call_creds jwt_token_file with insecure channel_creds: a token is never sent in the clear");
        }

        return new(address, tls, tokenFile, ReadFeatures(server));
    }

    // The first that we know counts, whatever follows it.
    private static TlsFilesConfig? ReadChannelCredentials(JsonCursor server)
    {
        foreach (var credentials in server.Objects("channel_creds"))
        {
            switch (credentials.FindText("type"))
            {
                case "insecure":
                    return null;
                case "tls":
                    return credentials.FindObject("config") is { } config
                        ? BootstrapReader.ReadFiles(config) is { BundleMapFile: null } files
                            ? files
                            : throw config.Error("must not name spiffe_trust_bundle_map_file: a control plane is known by its host name")
                        : new(null, null, null, TlsFilesConfig.DefaultRefreshInterval);
            }
        }

        throw server.Error("holds no channel_creds of a supported type (insecure, tls)");
    }

    private static string? ReadTokenFile(JsonCursor server)
    {
        foreach (var credentials in server.Objects("call_creds"))
        {
            if (credentials.FindText("type") == "jwt_token_file")
            {
                return credentials.FindObject("config")?.FindText("jwt_token_file") is { Length: > 0 } file
                    ? file
                    : throw credentials.Error("must hold config.jwt_token_file");
            }
        }

        return null;
    }

    private static XdsServerFeatures ReadFeatures(JsonCursor server)
    {
        // A feature may be of any JSON type; only texts are known.
        var names = server.List("server_features")
            .Where(f => f.Element.ValueKind == JsonValueKind.String)
            .Select(f => f.Element.GetString())
            .ToHashSet();
        return new(names.Contains("fail_on_data_errors"), names.Contains("resource_timer_is_transient_error"));
    }

    // gRPC's target names (grpc/doc/naming.md), as far as they name one address.
    private static Uri ReadAddress(JsonCursor server, string target, bool tls)
    {
        if (target.StartsWith("unix:", StringComparison.Ordinal))
        {
            var path = target["unix:".Length..];
            path = path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path;
            return Uri.TryCreate($"unix://{Path.GetFullPath(path.Length == 0 ? "." : path)}", UriKind.Absolute, out var socket) && path.Length > 0 && !tls
                ? socket
                : throw server.Error($"holds server_uri \"{target}\", which must be unix:///path with insecure channel_creds");
        }

        var authority = target;
        foreach (var scheme in new[] { "dns:///", "dns:", "ipv4:", "ipv6:" })
        {
            if (target.StartsWith(scheme, StringComparison.Ordinal))
            {
                authority = target[scheme.Length..];
                break;
            }
        }

        if (authority.AsSpan().IndexOfAny("/?#@") < 0
            && Uri.TryCreate($"{(tls ? "https" : "http")}://{authority}", UriKind.Absolute, out var address)
            && address.Host.Length > 0)
        {
            var hasPort = authority.LastIndexOf(':') > authority.LastIndexOf(']');
            return hasPort ? address : new UriBuilder(address) { Port = DefaultPort }.Uri;
        }

        throw server.Error($"holds server_uri \"{target}\", which is neither host:port nor unix:///path");
    }
}
