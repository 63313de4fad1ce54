using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>The agent's own folder, which one agent at a time holds.</summary>
internal sealed class AgentFolder : IDisposable
{
    // sockaddr_un holds no more (unix(7)).
    private const int MaxSocketPath = 107;

    private readonly string _root;
    private readonly FileStream _lock;

    private AgentFolder(string root, FileStream held) => (_root, _lock) = (root, held);

    public string Bootstrap => PathOf("bootstrap.json");

    public string Socket => PathOf("xds.sock");

    public string Certificates => PathOf("certs");

    /// <summary>Where the identity is kept for a restart.</summary>
    public string Identity => PathOf("identity");

    /// <exception cref="IOException">It cannot be made, another agent holds it, or its path is too long for a socket.</exception>
    public static AgentFolder Open(string directory)
    {
        var root = Path.GetFullPath(directory);
        var socket = Path.Combine(root, "xds.sock");
        if (System.Text.Encoding.UTF8.GetByteCount(socket) > MaxSocketPath)
        {
            throw new IOException($"the path of the socket {socket} is longer than {MaxSocketPath} bytes: choose a shorter --state");
        }

        AtomicFile.CreateSecretDirectory(root);
        try
        {
            var held = new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

            // Left behind by an agent that was killed.
            File.Delete(socket);
            return new AgentFolder(root, held);
        }
        catch (IOException e)
        {
            throw new IOException($"{root} cannot be used, another agent may hold it: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        File.Delete(Socket);
        _lock.Dispose();
    }

    private string PathOf(string name) => Path.Combine(_root, name);
}
