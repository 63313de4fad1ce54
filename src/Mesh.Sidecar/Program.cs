using ProxylessMesh.Sidecar.Gateway;
using ProxylessMesh.Sidecar.Hosting;

await (GatewayHost.Create(args) ?? SidecarHost.Create(args)).RunAsync().ConfigureAwait(false);
