using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using ProxylessMesh.Client.Runtime;

namespace ProxylessMesh.Client.Hosting;

/// <summary>Puts the mesh under the clients of IHttpClientFactory; what was their primary handler serves hosts that the mesh does not know.</summary>
internal sealed class MeshHandlerFilter(MeshRuntime runtime, IOptions<MeshOptions> options, ResilienceHandlers others) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (Covers(builder))
        {
            builder.PrimaryHandler = runtime.CreateHandler(builder.PrimaryHandler);
            if (runtime.Enabled)
            {
                others.Check(builder);
            }
        }
    };

    private bool Covers(HttpMessageHandlerBuilder builder)
    {
        var name = builder.Name ?? "";
        if (options.Value.ExcludedClients.Contains(name))
        {
            return false;
        }

        // A primary handler that is no socket handler is a stand-in that its owner wants to be called.
        return options.Value.ClientsWithMesh.Contains(name)
            || (options.Value.AllClients && builder.PrimaryHandler is SocketsHttpHandler or HttpClientHandler);
    }
}
