namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>What a port speaks, by Istio's conventions ("Protocol Selection").</summary>
internal static class PortProtocols
{
    /// <summary>appProtocol decides where it is given; else the port's name up to its first hyphen; else well-known numbers, where the server speaks first.</summary>
    public static PortProtocol Of(int number, string portName, string? appProtocol)
    {
        var text = appProtocol ?? portName;
        switch (text)
        {
            case "kubernetes.io/h2c":
                return PortProtocol.Http2;
            case "kubernetes.io/ws":
                return PortProtocol.Http;
            case "kubernetes.io/wss":
                return PortProtocol.Https;
        }

        if (text.StartsWith("grpc-web", StringComparison.OrdinalIgnoreCase))
        {
            return PortProtocol.Http;
        }

        var hyphen = text.IndexOf('-', StringComparison.Ordinal);
        return Parse(hyphen < 0 ? text : text[..hyphen]) ?? (IsServerFirst(number) ? PortProtocol.Tcp : PortProtocol.Unspecified);
    }

    /// <summary>ServiceEntry's ports[].protocol and the names above; null when unknown.</summary>
    public static PortProtocol? Parse(string text) => text.ToUpperInvariant() switch
    {
        "HTTP" or "GRPC-WEB" => PortProtocol.Http,
        "HTTP2" => PortProtocol.Http2,
        "GRPC" => PortProtocol.Grpc,
        "HTTPS" => PortProtocol.Https,
        "TLS" => PortProtocol.Tls,
        "TCP" or "MONGO" or "REDIS" or "MYSQL" => PortProtocol.Tcp,
        _ => null,
    };

    /// <summary>SMTP, DNS, MySQL, MongoDB.</summary>
    private static bool IsServerFirst(int number) => number is 25 or 53 or 3306 or 27017;
}
