using Microsoft.Extensions.Configuration;
using ProxylessMesh.Sidecar.Gateway;

namespace ProxylessMesh.Sidecar.Tests.Gateway;

public class GatewayOptionsTests
{
    [Theory]
    [InlineData("0.0.0.0:8080")]
    [InlineData("[::]:8443")]
    [InlineData("127.0.0.1:0")]
    public void Addresses_have_ports(string address) => Assert.Empty(Problems([address]));

    [Theory]
    [InlineData("8080")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("localhost:80")]
    [InlineData("")]
    public void Anything_else_is_refused(string address) => Assert.Contains("write address:port", Assert.Single(Problems([address])), StringComparison.Ordinal);

    [Fact]
    public void All_that_is_wrong_is_said_at_once() => Assert.Equal(3, Problems(["0.0.0.0:80", "0.0.0.0:80"], "/no/such/directory", ("Sidecar:Outbound:Listen", "127.0.0.1:15001")).Length);

    [Fact]
    public void Without_an_address_the_process_is_no_gateway() => Assert.Null(GatewayHost.Create([]));

    private static string[] Problems(string[] listen, string? credentials = null, params (string Key, string? Value)[] settings)
    {
        var options = new GatewayOptions { CredentialDirectory = credentials };
        foreach (var address in listen)
        {
            options.Listen.Add(address);
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => s.Value)).Build();
        return [.. new GatewayOptionsValidator(configuration).Validate(null, options).Failures ?? []];
    }
}
