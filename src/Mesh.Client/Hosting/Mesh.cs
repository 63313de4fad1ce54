using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProxylessMesh.Client.Hosting;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client;

/// <summary>The mesh where there is no dependency injection.</summary>
public sealed class Mesh : IMesh, IAsyncDisposable
{
    private readonly MeshRuntime _runtime;

    private Mesh(MeshRuntime runtime) => _runtime = runtime;

    /// <summary>Joins the mesh.</summary>
    /// <param name="options">Settings; environment and files are not read.</param>
    /// <param name="logs">Where to log; null = nowhere.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong; the message names all that are.</exception>
    /// <exception cref="MeshStartException">The mode is Required and the mesh could not be joined.</exception>
    public static async Task<Mesh> StartAsync(MeshOptions options, ILoggerFactory? logs = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var validation = new MeshOptionsValidator().Validate(null, options);
        if (validation.Failed)
        {
            throw new OptionsValidationException(MeshOptions.SectionName, typeof(MeshOptions), validation.Failures);
        }

        var runtime = new MeshRuntime(Options.Create(options), logs ?? NullLoggerFactory.Instance, TimeProvider.System, SystemRandomSource.Instance);
        await runtime.StartAsync(cancellationToken).ConfigureAwait(false);
        return new Mesh(runtime);
    }

    /// <inheritdoc/>
    public HttpMessageHandler CreateHandler() => _runtime.CreateHandler();

    /// <summary>Leaves the mesh and closes its connections.</summary>
    public ValueTask DisposeAsync() => _runtime.DisposeAsync();
}
