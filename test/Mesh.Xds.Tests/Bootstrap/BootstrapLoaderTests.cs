using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.Xds.Tests.Bootstrap;

public sealed class BootstrapLoaderTests
{
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

    private static XdsBootstrap? Load(params (string Name, string Value)[] variables) => BootstrapLoader.Load(
        name => variables.FirstOrDefault(v => v.Name == name).Value);
}
