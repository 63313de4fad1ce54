namespace ProxylessMesh.Xds.ExternalAuthorization;

/// <summary>A service gave no verdict; the message says why, for logs.</summary>
internal sealed class AuthorizerException(string message, Exception? inner = null) : Exception(message, inner);
