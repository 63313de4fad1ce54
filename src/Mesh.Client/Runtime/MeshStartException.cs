namespace ProxylessMesh.Client;

/// <summary>The mesh is required and could not be joined.</summary>
public sealed class MeshStartException(string message, Exception? inner = null) : Exception(message, inner);
