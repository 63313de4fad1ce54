using ProxylessMesh.Client;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.FunctionalTests.BadInput;

/// <summary>A bootstrap that cannot be used keeps the app from starting with a wrong idea of its mesh, and says where it is wrong.</summary>
[Collection(nameof(ProcessEnvironment))]
public sealed class BootstrapTests
{
    [Theory]
    [InlineData("{\n  \"xds_servers\": [\n  oops", ":3: not valid JSON")]
    [InlineData("", ":1: not valid JSON")]
    [InlineData("{\n  \"xds_servers\": []\n}", ":1: $ must hold xds_servers with at least one server.")]
    [InlineData("{ \"xds_servers\": [\n  { \"server_uri\": \"localhost:15010\" } ] }", ":2: $.xds_servers[0] holds no channel_creds of a supported type")]
    public async Task A_file_is_named_with_the_line(string content, string expected)
    {
        using var directory = new ProxylessMesh.Testing.TemporaryDirectory();
        var file = directory.File("bootstrap.json");
        await File.WriteAllTextAsync(file, content);
        using var variable = new EnvironmentVariable(BootstrapLoader.FileVariable, file);

        var failure = await Assert.ThrowsAsync<BootstrapException>(() => MeshClient.StartAsync(_ => { }));

        Assert.StartsWith($"{file} (from GRPC_XDS_BOOTSTRAP){expected}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_is_named_with_the_line()
    {
        using var variable = new EnvironmentVariable(BootstrapLoader.ContentVariable, "{\n\n!");

        var failure = await Assert.ThrowsAsync<BootstrapException>(() => ProxylessMesh.Client.Mesh.StartAsync(new MeshOptions()));

        Assert.StartsWith("GRPC_XDS_BOOTSTRAP_CONFIG:3: not valid JSON", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        using var variable = new EnvironmentVariable(BootstrapLoader.FileVariable, "/nowhere/bootstrap.json");

        var failure = await Assert.ThrowsAsync<BootstrapException>(() => MeshClient.StartAsync(_ => { }));

        Assert.Contains("/nowhere/bootstrap.json (from GRPC_XDS_BOOTSTRAP) cannot be read", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_kill_switch_does_not_even_look()
    {
        using var variable = new EnvironmentVariable(BootstrapLoader.ContentVariable, "oops");

        await using var client = await MeshClient.StartAsync(o => o.Mode = MeshMode.Off);
    }

    [Fact]
    public async Task Certificates_that_the_bootstrap_names_but_nobody_wrote_are_said_and_waited_for()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        using var variable = new EnvironmentVariable(BootstrapLoader.ContentVariable, $$"""
            {
              "xds_servers": [ { "server_uri": "{{mesh.Plaintext.Authority}}", "channel_creds": [ { "type": "insecure" } ] } ],
              "certificate_providers": { "default": { "plugin_name": "file_watcher", "config": {
                "certificate_file": "/nowhere/cert.pem", "private_key_file": "/nowhere/key.pem", "ca_certificate_file": "/nowhere/root.pem" } } }
            }
            """);

        await using var client = await MeshClient.StartAsync(o => o.ConfigurationTimeout = TimeSpan.FromMilliseconds(300));
        var required = await Assert.ThrowsAsync<MeshStartException>(() => MeshClient.StartAsync(o =>
        {
            o.Mode = MeshMode.Required;
            o.ConfigurationTimeout = TimeSpan.FromMilliseconds(300);
        }));

        Assert.Contains(client.Logs.Entries, e => e.Id.Id == 1421 && e.Text.Contains("/nowhere/", StringComparison.Ordinal));
        Assert.Contains("/nowhere/", required.Message, StringComparison.Ordinal);
    }
}
