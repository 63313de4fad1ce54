namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>The bootstrap cannot be used. The message names the file or variable, the line and the JSON path.</summary>
internal sealed class BootstrapException(string message, Exception? inner = null) : Exception(message, inner);
