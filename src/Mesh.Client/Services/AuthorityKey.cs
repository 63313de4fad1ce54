namespace ProxylessMesh.Client.Services;

/// <summary>Whom a call is addressed to. The host is in lower case, as <see cref="Uri.Host"/> gives it.</summary>
internal readonly record struct AuthorityKey(string Host, int Port)
{
    /// <summary>The name of its listener: always with the port (Istio's proxyless listeners are named so).</summary>
    public override string ToString() => $"{Host}:{Port}";

    /// <summary>As in a Host header: http's own port is left out (RFC 9110, 4.2.3).</summary>
    public string HostHeader => Port == 80 ? Host : ToString();
}
