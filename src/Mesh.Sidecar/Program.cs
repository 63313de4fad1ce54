using Microsoft.Extensions.Options;
using ProxylessMesh.Client;
using ProxylessMesh.Sidecar.Gateway;
using ProxylessMesh.Sidecar.Hosting;

// Exit codes of sysexits.h, as the command mesh has them: 64 for wrong settings.
const int Usage = 64;

try
{
    var app = GatewayHost.Create(args) ?? SidecarHost.Create(args);
    await using (app.ConfigureAwait(false))
    {
        await app.RunAsync().ConfigureAwait(false);
        return 0;
    }
}
catch (OptionsValidationException wrong)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, wrong.Failures)).ConfigureAwait(false);
    return Usage;
}
catch (MeshStartException impossible)
{
    await Console.Error.WriteLineAsync(impossible.Message).ConfigureAwait(false);
    return 1;
}
