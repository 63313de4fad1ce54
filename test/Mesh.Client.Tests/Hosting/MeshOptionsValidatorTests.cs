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

    private static List<string> Failures(Action<MeshOptions> change)
    {
        var options = new MeshOptions();
        change(options);
        return [.. new MeshOptionsValidator().Validate(null, options).Failures ?? []];
    }
}
