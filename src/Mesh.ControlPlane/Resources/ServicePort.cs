namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A port of a Service or ServiceEntry.</summary>
/// <param name="Number">What callers write.</param>
/// <param name="Name">May be empty when it is the only one.</param>
/// <param name="Protocol">By appProtocol, the name's prefix, or ServiceEntry's protocol.</param>
/// <param name="TargetNumber">targetPort as a number; null when named or not given.</param>
/// <param name="TargetName">targetPort as the name of a workload's port; null otherwise.</param>
/// <param name="Position">Of the port in the file.</param>
internal sealed record ServicePort(
    int Number,
    string Name,
    PortProtocol Protocol,
    int? TargetNumber,
    string? TargetName,
    SourcePosition Position)
{
    /// <summary>Whether its connections carry nothing that the mesh could look at (Istio, "Protocol Selection": TCP, and TLS of the application's own).</summary>
    public bool IsTcp => Protocol is PortProtocol.Tcp or PortProtocol.Tls or PortProtocol.Https;
}
