using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>Reads the bootstrap JSON. What it does not know it ignores (gRFC A27); what it knows must be right.</summary>
internal static class BootstrapReader
{
    // Ten years, in seconds.
    private const double LongestInterval = 315_576_000;

    /// <exception cref="BootstrapException">The text is wrong; the message begins with <paramref name="source"/>.</exception>
    public static XdsBootstrap Read(string source, ReadOnlyMemory<byte> json)
    {
        // Editors on Windows put one before the text, which JSON forbids.
        json = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        var document = new BootstrapDocument(source, json);
        try
        {
            return Read(document);
        }
        catch (InvalidOperationException e)
        {
            // The parser takes texts that hold half a surrogate pair or bytes that are not UTF-8; only reading them fails.
            throw new BootstrapException($"{source}: not valid JSON: {e.Message}", e);
        }
    }

    private static XdsBootstrap Read(BootstrapDocument document)
    {
        using var parsed = document.Parse();
        var root = new JsonCursor(document, parsed.RootElement, "$");
        if (!root.IsObject)
        {
            throw root.Error("must be an object");
        }

        var servers = root.Objects("xds_servers").Select(ServerReader.Read).ToEquatableArray();
        if (servers.Count == 0)
        {
            throw root.Error("must hold xds_servers with at least one server");
        }

        return new(
            servers,
            ReadNode(root.FindObject("node")),
            ReadProviders(root.FindObject("certificate_providers")),
            root.FindText("server_listener_resource_name_template"),
            root.FindText("client_default_listener_resource_name_template") is { Length: > 0 } template ? template : "%s",
            ReadAuthorities(root.FindObject("authorities"), servers));
    }

    /// <summary>The files of <c>tls</c> credentials and of the plugin <c>file_watcher</c>, which have the same members.</summary>
    public static TlsFilesConfig ReadFiles(JsonCursor config)
    {
        var certificate = config.FindText("certificate_file");
        var key = config.FindText("private_key_file");
        if (certificate is null != key is null)
        {
            throw config.Error("must name certificate_file and private_key_file, or neither");
        }

        return new(config.FindText("ca_certificate_file"), certificate, key, ReadInterval(config)) { BundleMapFile = config.FindText("spiffe_trust_bundle_map_file") };
    }

    private static EquatableArray<AuthorityConfig> ReadAuthorities(JsonCursor? authorities, EquatableArray<XdsServerConfig> servers)
    {
        var result = new List<AuthorityConfig>();
        foreach (var (name, authority) in authorities?.Members() ?? [])
        {
            if (!authority.IsObject)
            {
                throw authority.Error("must be an object");
            }

            if (XdsNameEncoding.Normalize(name, XdsNameEncoding.Authority) != name)
            {
                throw authority.Error("has a name that must be percent-encoded, as in names of its resources");
            }

            var beginning = $"xdstp://{name}/";
            var template = authority.FindText("client_listener_resource_name_template") is { Length: > 0 } given ? given : $"{beginning}envoy.config.listener.v3.Listener/%s";
            if (!template.StartsWith(beginning, StringComparison.Ordinal))
            {
                throw authority.Error($"holds client_listener_resource_name_template \"{template}\", which must begin with \"{beginning}\"");
            }

            var own = authority.Objects("xds_servers").Select(ServerReader.Read).ToEquatableArray();
            result.Add(new(name, template, own.Count > 0 ? own : servers));
        }

        return result.ToEquatableArray();
    }

    private static NodeInfo ReadNode(JsonCursor? node)
    {
        var locality = node?.FindObject("locality");
        return new(
            node?.FindText("id") ?? "",
            node?.FindText("cluster") ?? "",
            new LocalityId(locality?.FindText("region") ?? "", locality?.FindText("zone") ?? "", locality?.FindText("sub_zone") ?? ""),
            node?.FindObject("metadata") is { } metadata ? ReadMetadata(metadata) : []);
    }

    private static JsonObject ReadMetadata(JsonCursor metadata)
    {
        var result = new JsonObject();
        foreach (var (name, value) in metadata.Members())
        {
            result[name] = JsonNode.Parse(value.Element.GetRawText());
        }

        return result;
    }

    private static EquatableArray<CertificateProviderConfig> ReadProviders(JsonCursor? providers)
    {
        var known = new List<CertificateProviderConfig>();
        foreach (var (name, provider) in providers?.Members() ?? [])
        {
            if (!provider.IsObject)
            {
                throw provider.Error("must be an object");
            }

            // Another plugin than the one known here may matter to nobody (gRFC A29).
            if (provider.FindText("plugin_name") != "file_watcher")
            {
                continue;
            }

            var files = provider.FindObject("config") is { } config ? ReadFiles(config) : throw provider.Error("must hold a config");
            if (files is { CertificateFile: null, CaCertificateFile: null, BundleMapFile: null })
            {
                throw provider.Error("must name certificate_file and private_key_file, or ca_certificate_file or spiffe_trust_bundle_map_file, or all");
            }

            known.Add(new(name, files));
        }

        return known.ToEquatableArray();
    }

    // A protobuf Duration in its JSON form: "900s", "0.5s".
    private static TimeSpan ReadInterval(JsonCursor config)
    {
        if (config.Find("refresh_interval") is not { } interval)
        {
            return TlsFilesConfig.DefaultRefreshInterval;
        }

        return interval.Element.ValueKind == JsonValueKind.String
            && interval.Element.GetString() is { } text
            && text.EndsWith('s')
            && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= LongestInterval
            ? TimeSpan.FromSeconds(seconds)
            : throw interval.Error("must be a positive number of seconds such as \"600s\"");
    }
}
