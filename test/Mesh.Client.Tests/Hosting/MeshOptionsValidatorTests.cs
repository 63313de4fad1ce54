using ProxylessMesh.Client.Hosting;

namespace ProxylessMesh.Client.Tests.Hosting;

public sealed class MeshOptionsValidatorTests
{
    [Fact]
    public void DefaultsAreValid() => Assert.Empty(Failures(_ => { }));

    [Fact]
    public void AnHttpsControlPlaneNeedsTheRoots()
    {
        var failure = Assert.Single(Failures(o => o.ControlPlane = new Uri("https://localhost:15012")));
        Assert.StartsWith("Mesh:RootCertificateFile is missing", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://localhost")]
    [InlineData("localhost:15012")]
    public void TheControlPlanesAddressHasToBeOne(string address)
    {
        var failure = Assert.Single(Failures(o => o.ControlPlane = new Uri(address, UriKind.RelativeOrAbsolute)));
        Assert.Contains($"\"{address}", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void EverythingThatIsWrongIsSaidAtOnce()
    {
        var failures = Failures(o =>
        {
            o.Workload.Namespace = "Default";
            o.Workload.ServiceAccount = "";
            o.Workload.Address = "localhost";
            o.ConfigurationTimeout = TimeSpan.Zero;
            o.PropagateHeaders.Add("end user");
            o.Dependencies.Add("reviews:9080/path");
        });

        Assert.Equal(6, failures.Count);
        Assert.All(failures, f => Assert.StartsWith("Mesh:", f, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, 0, null)]
    [InlineData(1, 0, null)]
    [InlineData(100, 20, null)]
    [InlineData(0, 0, "Mesh:MaxConcurrentRequests is 0;")]
    [InlineData(-1, 5, "Mesh:MaxConcurrentRequests is -1;")]
    [InlineData(1, -1, "Mesh:RequestQueueLimit is -1;")]
    [InlineData(null, 5, "Mesh:RequestQueueLimit is 5 without Mesh:MaxConcurrentRequests;")]
    public void LimitsOfLoadHaveToMakeSense(int? limit, int queue, string? problem)
    {
        var failures = Failures(o => (o.MaxConcurrentRequests, o.RequestQueueLimit) = (limit, queue));

        Assert.Equal(problem is null ? 0 : 1, failures.Count);
        Assert.All(failures, f => Assert.StartsWith(problem!, f, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1:15090", true)]
    [InlineData("[::1]:0", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("localhost:15090", false)]
    [InlineData("127.0.0.1:99999", false)]
    public void TheAdminEndpointNeedsAnAddressAndAPort(string address, bool isRight)
    {
        var failures = Failures(o => o.Admin.Address = address);

        Assert.Equal(isRight ? 0 : 1, failures.Count);
        Assert.All(failures, f => Assert.StartsWith($"Mesh:Admin:Address is \"{address}\"", f, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("reviews.partner.test", true)]
    [InlineData("*.partner.test", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("reviews:9080", false)]
    [InlineData("a.*.test", false)]
    [InlineData("*", false)]
    public void HostsOfAuthoritiesHaveNoPort(string host, bool isRight)
    {
        var failures = Failures(o => o.Authorities[host] = "partner");

        Assert.Equal(isRight ? 0 : 1, failures.Count);
        Assert.All(failures, f => Assert.StartsWith($"Mesh:Authorities holds \"{host}\"", f, StringComparison.Ordinal));
    }

    [Fact]
    public void AuthoritiesAreThoseOfABootstrapFile() => Assert.StartsWith(
        "Mesh:Authorities needs the authorities of a gRPC bootstrap file",
        Assert.Single(Failures(o =>
        {
            o.ControlPlane = new Uri("http://localhost:15010");
            o.Authorities["*.partner.test"] = "partner";
        })),
        StringComparison.Ordinal);

    private static List<string> Failures(Action<MeshOptions> change)
    {
        var options = new MeshOptions();
        change(options);
        return [.. new MeshOptionsValidator().Validate(null, options).Failures ?? []];
    }
}
