namespace ProxylessMesh.Client;

/// <summary>The mesh of this process, for those who make their handlers themselves.</summary>
public interface IMesh
{
    /// <summary>
    /// A handler that routes calls to hosts of the mesh and passes all others on to an ordinary
    /// <see cref="SocketsHttpHandler"/>. Dispose it with its HttpClient; the connections belong to the mesh.
    /// </summary>
    HttpMessageHandler CreateHandler();
}
