using Microsoft.Extensions.Logging;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.Xds.Tests.Bootstrap;

public sealed class BootstrapLoaderTests
{
    private readonly CollectedLogs _logs = new();

    [Fact]
    public void No_variable_no_bootstrap() => Assert.Null(Load());

    [Fact]
    public async Task The_file_wins_over_the_inline_text()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, BootstrapReaderTests.Istio);
            Assert.NotNull(Load((BootstrapLoader.FileVariable, file), (BootstrapLoader.ContentVariable, "not JSON")));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_inline_text_is_read_and_an_empty_variable_is_none()
    {
        Assert.NotNull(Load((BootstrapLoader.FileVariable, ""), (BootstrapLoader.ContentVariable, BootstrapReaderTests.Istio)));
        Assert.StartsWith(
            "GRPC_XDS_BOOTSTRAP_CONFIG:1: not valid JSON",
            Assert.Throws<BootstrapException>(() => Load((BootstrapLoader.ContentVariable, "{"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named_with_its_variable()
    {
        var message = Assert.Throws<BootstrapException>(() => Load((BootstrapLoader.FileVariable, "/no/such/file.json"))).Message;

        Assert.Contains("/no/such/file.json", message, StringComparison.Ordinal);
        Assert.Contains(BootstrapLoader.FileVariable, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Authorities_and_further_servers_are_accepted_and_said_to_be_unused()
    {
        var bootstrap = Load((BootstrapLoader.ContentVariable, """
            {
              "xds_servers": [
                { "server_uri": "a:1", "channel_creds": [ { "type": "insecure" } ] },
                { "server_uri": "b:1", "channel_creds": [ { "type": "insecure" } ] }
              ],
              "authorities": { "other.example.com": { "xds_servers": [] } }
            }
            """))!;

        Assert.Equal(["other.example.com"], bootstrap.UnusedAuthorities);
        Assert.Contains(_logs.Entries, e => e.Id.Id == 1150 && e.Text.Contains("other.example.com", StringComparison.Ordinal));
        Assert.Contains(_logs.Entries, e => e.Id.Id == 1151);
    }

    private XdsBootstrap? Load(params (string Name, string Value)[] variables) => BootstrapLoader.Load(
        name => variables.FirstOrDefault(v => v.Name == name).Value,
        _logs.CreateLogger("test"));
}
