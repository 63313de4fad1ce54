using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Client.Tests.Hosting;

public sealed class ResilienceHandlersTests
{
    private const int RetriesTwice = 2650;

    [Fact]
    public void A_client_that_retries_above_the_mesh_is_named_once()
    {
        var logs = new CollectedLogs();
        using var provider = Provider(logs, "http://127.0.0.1:1");
        var factory = provider.GetRequiredService<IHttpMessageHandlerFactory>();
        var filters = provider.GetServices<Microsoft.Extensions.Http.IHttpMessageHandlerBuilderFilter>();

        factory.CreateHandler("resilient");
        factory.CreateHandler("plain");
        factory.CreateHandler("outside");
        foreach (var filter in filters)
        {
            // As when the factory makes the handler anew.
            var builder = provider.GetRequiredService<Microsoft.Extensions.Http.HttpMessageHandlerBuilder>();
            builder.Name = "resilient";
            filter.Configure(b => b.AdditionalHandlers.Add(new ResilienceHandler()))(builder);
        }

        var warning = Assert.Single(logs.Entries, e => e.Id.Id == RetriesTwice);
        Assert.Contains("resilient", warning.Text, StringComparison.Ordinal);
        Assert.Contains("Microsoft.Extensions.Http.Resilience.ResilienceHandler", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_while_the_mesh_is_off()
    {
        var logs = new CollectedLogs();
        using var provider = Provider(logs, null);

        provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("resilient");

        Assert.DoesNotContain(logs.Entries, e => e.Id.Id == RetriesTwice);
    }

    private static ServiceProvider Provider(CollectedLogs logs, string? controlPlane)
    {
        var services = new ServiceCollection();
        services.AddLogging(l => l.AddProvider(logs));
        services.AddMesh(o => o.ControlPlane = controlPlane is null ? null : new Uri(controlPlane));
        services.AddHttpClient("resilient").AddHttpMessageHandler(() => new ResilienceHandler());
        services.AddHttpClient("plain");
        services.AddHttpClient("outside").AddHttpMessageHandler(() => new ResilienceHandler()).WithoutMesh();
        return services.BuildServiceProvider();
    }
}
