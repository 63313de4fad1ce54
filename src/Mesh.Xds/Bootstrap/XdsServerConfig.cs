using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>One xDS server.</summary>
/// <param name="Address"><c>http://host:port</c>, <c>https://host:port</c> (with TLS) or <c>unix:///path</c>.</param>
/// <param name="Tls">Null: insecure.</param>
/// <param name="TokenFile">A JWT for the authorization header (call_creds jwt_token_file, gRFC A97); read for each stream. Null: none.</param>
/// <param name="Features">What the server does differently.</param>
internal sealed record XdsServerConfig(Uri Address, TlsFilesConfig? Tls, string? TokenFile, XdsServerFeatures Features);
