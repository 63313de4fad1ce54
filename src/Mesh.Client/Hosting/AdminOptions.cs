namespace ProxylessMesh.Client;

/// <summary>The admin endpoint of a web app: what it has of its configuration, for operators and their tools.</summary>
public sealed class AdminOptions
{
    /// <summary>
    /// Where it listens, as <c>127.0.0.1:15090</c> or <c>[::1]:15090</c>; port 0 takes any free one. It asks nobody who they are, so an
    /// address that other machines can reach shows them all hosts and addresses of the mesh that this app uses. Default: none, off.
    /// </summary>
    public string? Address { get; set; }
}
