using System.Text;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.Xds.Tests.Bootstrap;

public sealed class BootstrapReaderTests
{
    internal const string Istio = """
        {
          "xds_servers": [
            {
              "server_uri": "unix:///etc/istio/proxy/XDS",
              "channel_creds": [ { "type": "insecure" } ],
              "server_features": [ "xds_v3" ]
            }
          ],
          "node": {
            "id": "sidecar~10.0.0.1~reviews-v1.default~default.svc.cluster.local",
            "cluster": "reviews.default",
            "metadata": { "GENERATOR": "grpc", "LABELS": { "app": "reviews" }, "PROXY_CONFIG": { "concurrency": 2 } },
            "locality": { "region": "r", "zone": "z", "sub_zone": "s" }
          },
          "certificate_providers": {
            "default": {
              "plugin_name": "file_watcher",
              "config": {
                "certificate_file": "/var/lib/istio/data/cert-chain.pem",
                "private_key_file": "/var/lib/istio/data/key.pem",
                "ca_certificate_file": "/var/lib/istio/data/root-cert.pem",
                "refresh_interval": "900s"
              }
            },
            "other": { "plugin_name": "unknown", "config": 7 }
          },
          "server_listener_resource_name_template": "xds.istio.io/grpc/lds/inbound/%s",
          "unknown": [ 1, 2 ]
        }
        """;

    [Fact]
    public void Reads_what_the_istio_agent_writes()
    {
        var bootstrap = Read(Istio);

        var server = Assert.Single(bootstrap.Servers);
        Assert.Equal(("unix:///etc/istio/proxy/XDS", null, null), (server.Address.OriginalString, server.Tls, server.TokenFile));
        Assert.Equal(XdsServerFeatures.None, server.Features);
        Assert.Equal("sidecar~10.0.0.1~reviews-v1.default~default.svc.cluster.local", bootstrap.Node.Id);
        Assert.Equal("reviews.default", bootstrap.Node.Cluster);
        Assert.Equal(new("r", "z", "s"), bootstrap.Node.Locality);
        Assert.Equal("reviews", (string?)bootstrap.Node.Metadata["LABELS"]!["app"]);
        Assert.Equal(2, NodeMapping.ToNode(bootstrap.Node).Metadata.Fields["PROXY_CONFIG"].StructValue.Fields["concurrency"].NumberValue);
        Assert.Equal("xds.istio.io/grpc/lds/inbound/%s", bootstrap.ServerListenerResourceNameTemplate);
        Assert.Equal("%s", bootstrap.ClientDefaultListenerResourceNameTemplate);
        var provider = Assert.Single(bootstrap.CertificateProviders);
        Assert.Equal("default", provider.InstanceName);
        Assert.Equal(new("/var/lib/istio/data/root-cert.pem", "/var/lib/istio/data/cert-chain.pem", "/var/lib/istio/data/key.pem", TimeSpan.FromSeconds(900)), provider.Files);
    }

    [Fact]
    public void Reads_tls_with_a_token_for_a_direct_way_to_the_control_plane()
    {
        var server = Assert.Single(Read("""
            { "xds_servers": [ {
              "server_uri": "istiod.istio-system.svc:15012",
              "channel_creds": [ { "type": "google_default" }, { "type": "tls", "config": { "ca_certificate_file": "root.pem" } }, { "type": "insecure" } ],
              "call_creds": [ { "type": "other" }, { "type": "jwt_token_file", "config": { "jwt_token_file": "/var/run/secrets/tokens/istio-token" } } ],
              "server_features": [ "fail_on_data_errors", "resource_timer_is_transient_error", 5, { "x": 1 } ]
            } ] }
            """).Servers);

        Assert.Equal("https://istiod.istio-system.svc:15012/", server.Address.AbsoluteUri);
        Assert.Equal(new("root.pem", null, null, TimeSpan.FromSeconds(600)), server.Tls);
        Assert.Equal("/var/run/secrets/tokens/istio-token", server.TokenFile);
        Assert.Equal(new XdsServerFeatures(true, true), server.Features);
    }

    [Theory]
    [InlineData("localhost:15010", "http://localhost:15010/")]
    [InlineData("dns:///xds.example.com:1234", "http://xds.example.com:1234/")]
    [InlineData("dns:xds.example.com:1234", "http://xds.example.com:1234/")]
    [InlineData("xds.example.com", "http://xds.example.com:443/")]
    [InlineData("[::1]:15010", "http://[::1]:15010/")]
    [InlineData("[::1]", "http://[::1]:443/")]
    [InlineData("ipv4:127.0.0.1:80", "http://127.0.0.1/")]
    [InlineData("unix:/run/xds.sock", "unix:///run/xds.sock")]
    public void Takes_grpc_target_names(string target, string expected) =>
        Assert.Equal(expected, Read(Server($"\"server_uri\": \"{target}\", \"channel_creds\": [{{\"type\":\"insecure\"}}]")).Servers[0].Address.AbsoluteUri);

    [Theory]
    [InlineData("[]", "test:1: $ must be an object")]
    [InlineData("{}", "test:1: $ must hold xds_servers")]
    [InlineData("{\n\"xds_servers\": [] }", "$ must hold xds_servers")]
    [InlineData("{\n\"xds_servers\":\n 7 }", "test:3: $.xds_servers must be an array")]
    [InlineData("{\n\"xds_servers\": [\n7] }", "test:3: $.xds_servers[0] must be an object")]
    [InlineData("{\n\"a\": {\"b\": [[], {}]}, \"xds_servers\": [\n\n{ } ] }", "test:4: $.xds_servers[0] must hold server_uri")]
    [InlineData("{ \"xds_servers\": [ { \"server_uri\": 5 } ] }", "$.xds_servers[0].server_uri must be a string")]
    public void Names_source_line_and_path(string json, string expected) => Assert.Contains(expected, Fails(json), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"server_uri\": \"a:1\"", "no channel_creds of a supported type")]
    [InlineData("\"server_uri\": \"a:1\", \"channel_creds\": [{\"type\":\"google_default\"}]", "no channel_creds of a supported type")]
    [InlineData("\"server_uri\": \"a:1\", \"channel_creds\": {}", "$.xds_servers[0].channel_creds must be an array")]
    [InlineData("\"server_uri\": \"a/b\", \"channel_creds\": [{\"type\":\"insecure\"}]", "neither host:port nor unix")]
    [InlineData("\"server_uri\": \"\", \"channel_creds\": [{\"type\":\"insecure\"}]", "neither host:port nor unix")]
    [InlineData("\"server_uri\": \"unix:\", \"channel_creds\": [{\"type\":\"insecure\"}]", "unix:///path")]
    [InlineData("\"server_uri\": \"unix:///x\", \"channel_creds\": [{\"type\":\"tls\"}]", "unix:///path")]
    [InlineData("\"server_uri\": \"a:1\", \"channel_creds\": [{\"type\":\"insecure\"}], \"call_creds\": [{\"type\":\"jwt_token_file\",\"config\":{\"jwt_token_file\":\"t\"}}]", "never sent in the clear")]
    [InlineData("\"server_uri\": \"a:1\", \"channel_creds\": [{\"type\":\"tls\"}], \"call_creds\": [{\"type\":\"jwt_token_file\"}]", "$.xds_servers[0].call_creds[0] must hold config.jwt_token_file")]
    [InlineData("\"server_uri\": \"a:1\", \"channel_creds\": [{\"type\":\"tls\",\"config\":{\"certificate_file\":\"c\"}}]", "certificate_file and private_key_file, or neither")]
    [InlineData("\"server_uri\": \"a:1\", \"channel_creds\": [{\"type\":\"tls\",\"config\":{\"refresh_interval\":\"soon\"}}]", "refresh_interval must be a positive number of seconds")]
    [InlineData("\"server_uri\": \"a:1\", \"channel_creds\": [{\"type\":\"tls\",\"config\":{\"refresh_interval\":\"-1s\"}}]", "refresh_interval must be a positive number of seconds")]
    public void Refuses_a_server_that_cannot_be_right(string members, string expected) => Assert.Contains(expected, Fails(Server(members)), StringComparison.Ordinal);

    [Fact]
    public void A_known_plugin_must_be_right()
    {
        const string Rest = "\"xds_servers\": [{\"server_uri\": \"a:1\", \"channel_creds\": [{\"type\":\"insecure\"}]}], \"certificate_providers\": {\"p\": ";
        Assert.Contains("$.certificate_providers.p must hold a config", Fails($"{{{Rest} {{\"plugin_name\":\"file_watcher\"}} }} }}"), StringComparison.Ordinal);
        Assert.Contains("$.certificate_providers.p must name", Fails($"{{{Rest} {{\"plugin_name\":\"file_watcher\",\"config\":{{}}}} }} }}"), StringComparison.Ordinal);
        Assert.Contains("$.certificate_providers.p must be an object", Fails($"{{{Rest} 3 }} }}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_servers_in_order_and_authorities_with_their_own()
    {
        var bootstrap = Read("""
            {
              "xds_servers": [
                { "server_uri": "a:1", "channel_creds": [ { "type": "insecure" } ] },
                { "server_uri": "b:1", "channel_creds": [ { "type": "insecure" } ] }
              ],
              "authorities": {
                "own.example": {},
                "partner.example": {
                  "client_listener_resource_name_template": "xdstp://partner.example/envoy.config.listener.v3.Listener/prod/%s?env=live",
                  "xds_servers": [ { "server_uri": "b:1", "channel_creds": [ { "type": "insecure" } ] }, { "server_uri": "c:1", "channel_creds": [ { "type": "insecure" } ] } ]
                }
              }
            }
            """);

        Assert.Equal(["a", "b"], bootstrap.Servers.Select(s => s.Address.Host));
        var (own, partner) = (bootstrap.Authorities[0], bootstrap.Authorities[1]);
        Assert.Equal(("own.example", "xdstp://own.example/envoy.config.listener.v3.Listener/%s"), (own.Name, own.ListenerTemplate));
        Assert.Equal(bootstrap.Servers, own.Servers);
        Assert.Equal("xdstp://partner.example/envoy.config.listener.v3.Listener/prod/%s?env=live", partner.ListenerTemplate);
        Assert.Equal(["b", "c"], partner.Servers.Select(s => s.Address.Host));

        // What says the same is one way, whoever says it.
        var made = new List<XdsServerConfig>();
        var servers = new BootstrapServers(bootstrap, server =>
        {
            made.Add(server);
            return new Ads.ScriptedServer { Name = server.Address.Host };
        });
        Assert.Equal(["a", "b", "c"], made.Select(s => s.Address.Host));
        Assert.Same(servers.Default[1], servers.Authorities["partner.example"][0]);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("%61")]
    public void An_authority_has_the_name_that_its_resources_have(string name) => Assert.Contains(
        "must be percent-encoded",
        Fails($"{{ \"xds_servers\": [{{\"server_uri\": \"a:1\", \"channel_creds\": [{{\"type\":\"insecure\"}}]}}], \"authorities\": {{ \"{name}\": {{}} }} }}"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("7", "$.authorities.x must be an object")]
    [InlineData("{\"client_listener_resource_name_template\": \"xdstp://y/%s\"}", "$.authorities.x holds client_listener_resource_name_template \"xdstp://y/%s\", which must begin with \"xdstp://x/\"")]
    [InlineData("{\"xds_servers\": [{}]}", "$.authorities.x.xds_servers[0] must hold server_uri")]
    public void An_authority_must_be_right(string authority, string expected) => Assert.Contains(
        expected,
        Fails($"{{ \"xds_servers\": [{{\"server_uri\": \"a:1\", \"channel_creds\": [{{\"type\":\"insecure\"}}]}}], \"authorities\": {{ \"x\": {authority} }} }}"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{\n\n  \"xds_servers\": [,] }", "test:3: not valid JSON")]
    [InlineData("", "test:1: not valid JSON")]
    [InlineData("{ \"xds_servers\": [{ \"server_uri\": \"\\ud800\" }] }", "not valid JSON")]
    public void Bad_json_is_one_clear_error(string json, string expected) => Assert.Contains(expected, Fails(json), StringComparison.Ordinal);

    [Fact]
    public void A_byte_order_mark_is_no_error() =>
        Assert.Single(BootstrapReader.Read("test", Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(Istio)).ToArray()).Servers);

    [Fact]
    public void Thousands_of_mutations_give_a_bootstrap_or_a_bootstrap_error()
    {
        var random = new Random(99);
        var good = Encoding.UTF8.GetBytes(Istio);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good.ToList();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(3))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at - 1));
                        break;
                    default:
                        bytes.Insert(at, "{}[]\",:5\\"u8[random.Next(9)]);
                        break;
                }
            }

            try
            {
                BootstrapReader.Read("test", bytes.ToArray());
            }
            catch (BootstrapException e)
            {
                Assert.StartsWith("test:", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static string Server(string members) => $"{{ \"xds_servers\": [ {{ {members} }} ] }}";

    private static XdsBootstrap Read(string json) => BootstrapReader.Read("test", Encoding.UTF8.GetBytes(json));

    private static string Fails(string json) => Assert.Throws<BootstrapException>(() => Read(json)).Message;
}
