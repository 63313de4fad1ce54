namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>An instance of the plugin <c>file_watcher</c> (gRFC A29).</summary>
internal sealed record CertificateProviderConfig(string InstanceName, TlsFilesConfig Files);
