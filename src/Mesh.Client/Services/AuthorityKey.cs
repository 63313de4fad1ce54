namespace ProxylessMesh.Client.Services;

/// <summary>Whom a call is addressed to. The host is in lower case, as <see cref="Uri.Host"/> gives it.</summary>
internal readonly record struct AuthorityKey(string Host, int Port)
{
    /// <summary>The name of its listener: always with the port (Istio's proxyless listeners are named so).</summary>
    public override string ToString() => $"{Host}:{Port}";
}
