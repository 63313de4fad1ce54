using System.Net.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProxylessMesh.Client.Handlers;
using ProxylessMesh.Client.Runtime;

namespace ProxylessMesh.Client.Tests.Hosting;

public sealed class AddMeshTests
{
    [Fact]
    public void TheSectionMeshIsBound()
    {
        var options = Provider(new()
        {
            ["Mesh:ControlPlane"] = "https://localhost:15012",
            ["Mesh:RootCertificateFile"] = "root.pem",
            ["Mesh:Workload:Name"] = "reviews-v2",
            ["Mesh:Workload:Labels:app"] = "reviews",
            ["Mesh:PropagateHeaders:0"] = "end-user",
            ["Mesh:ConfigurationTimeout"] = "00:00:03",
            ["Mesh:Mode"] = "Required",
            ["Mesh:Admin:Address"] = "127.0.0.1:15090",
        }).GetRequiredService<IOptions<MeshOptions>>().Value;

        Assert.Equal(new Uri("https://localhost:15012"), options.ControlPlane);
        Assert.Equal("reviews-v2", options.Workload.Name);
        Assert.Equal("reviews", options.Workload.Labels["app"]);
        Assert.Equal(["end-user"], options.PropagateHeaders);
        Assert.Equal(TimeSpan.FromSeconds(3), options.ConfigurationTimeout);
        Assert.Equal(MeshMode.Required, options.Mode);
        Assert.Equal("127.0.0.1:15090", options.Admin.Address);
    }

    [Fact]
    public void AuthoritiesAreBoundByHost()
    {
        var options = Provider(new()
        {
            ["Mesh:Authorities:*.partner.test"] = "partner",
            ["Mesh:Authorities:Reviews.other.test"] = "other",
        }).GetRequiredService<IOptions<MeshOptions>>().Value;

        Assert.Equal("partner", options.Authorities["*.partner.test"]);
        Assert.Equal("other", options.Authorities["reviews.OTHER.test"]);
    }

    [Fact]
    public void ABareServiceCollectionNeedsNoConfiguration()
    {
        using var provider = new ServiceCollection().AddMesh(o => o.Mode = MeshMode.Off).BuildServiceProvider();

        Assert.False(provider.GetRequiredService<MeshRuntime>().Enabled);
        Assert.IsType<MeshHttpHandler>(provider.GetRequiredService<IMesh>().CreateHandler());
    }

    [Fact]
    public void EveryFactoryClientIsCoveredUnlessItIsExcluded()
    {
        using var provider = Provider([], services =>
        {
            services.AddHttpClient("covered");
            services.AddHttpClient("out").WithoutMesh();
        });

        Assert.True(Covered(provider, "covered"));
        Assert.True(Covered(provider, ""));
        Assert.False(Covered(provider, "out"));
    }

    [Fact]
    public void OptInCoversOnlyThoseThatAsk()
    {
        using var provider = Provider(new() { ["Mesh:AllClients"] = "false" }, services =>
        {
            services.AddHttpClient("other");
            services.AddHttpClient("asked").AddMesh();
        });

        Assert.False(Covered(provider, "other"));
        Assert.True(Covered(provider, "asked"));
    }

    [Fact]
    public void AStandInHandlerOfATestIsLeftAlone()
    {
        using var provider = Provider([], services => services.AddHttpClient("fake").ConfigurePrimaryHttpMessageHandler(() => new Answering()));

        Assert.False(Covered(provider, "fake"));
    }

    [Fact]
    public async Task WithoutAControlPlaneAClientIsAsBefore()
    {
        using var provider = Provider([]);
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient();

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://no-such-host.invalid/")));

        Assert.Equal(HttpRequestError.NameResolutionError, error.HttpRequestError);
    }

    [Fact]
    public async Task RequiredWithoutAControlPlaneFailsAtStartWithTheReason()
    {
        using var provider = Provider(new() { ["Mesh:Mode"] = "Required" });

        var error = await Assert.ThrowsAsync<MeshStartException>(() => provider.GetRequiredService<MeshRuntime>().StartAsync(default));

        Assert.Contains("set Mesh:ControlPlane", error.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Provider(Dictionary<string, string?> settings, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddMesh();
        configure?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private static bool Covered(ServiceProvider provider, string name)
    {
        HttpMessageHandler? handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name);
        while (handler is DelegatingHandler delegating)
        {
            handler = delegating.InnerHandler;
        }

        return handler is MeshHttpHandler;
    }

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());
    }
}
