namespace ProxylessMesh.Client.CircuitBreaking;

/// <summary>How waiting at a <see cref="ConnectionGate"/> ended.</summary>
internal enum GateResult
{
    Entered,
    Full,
    Cancelled,
}
