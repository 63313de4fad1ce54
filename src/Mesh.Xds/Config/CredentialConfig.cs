namespace ProxylessMesh.Xds.Config;

/// <summary>Where a certificate lies: in files, or in a folder of the directory of credentials. Exactly one of the first two is set.</summary>
/// <param name="Folder">A Secret's name.</param>
/// <param name="File">PEM: a certificate with its chain, or roots.</param>
/// <param name="KeyFile">Of the certificate.</param>
internal sealed record CredentialConfig(string? Folder, string? File, string? KeyFile);
