namespace ProxylessMesh.Client.Services;

/// <summary>Whom a call is addressed to. The host is in lower case, as <see cref="Uri.Host"/> gives it.</summary>
internal readonly record struct AuthorityKey(string Host, int Port)
{
    /// <summary>Not an authority but a listener by its own name: a gateway's routes.</summary>
    public static AuthorityKey OfListener(string name) => new(name, 0);

    /// <summary>Whether it is none that could be called.</summary>
    public bool IsListener => Port == 0;

    /// <summary>The name of its listener: always with the port (Istio's proxyless listeners are named so).</summary>
    public override string ToString() => IsListener ? Host : $"{Host}:{Port}";

    /// <summary>As in a Host header: http's own port is left out (RFC 9110, 4.2.3).</summary>
    public string HostHeader => Port == 80 ? Host : ToString();
}
