using System.CommandLine;
using ProxylessMesh.ControlPlane.Commands;

// Clients are told to go elsewhere before the process ends; that takes longer than the default two seconds when there are many.
return await MeshCommand.RunAsync(
    args,
    TimeProvider.System,
    new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) },
    CancellationToken.None).ConfigureAwait(false);
