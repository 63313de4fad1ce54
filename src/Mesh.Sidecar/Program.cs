using ProxylessMesh.Sidecar.Hosting;

await SidecarHost.Create(args).RunAsync().ConfigureAwait(false);
