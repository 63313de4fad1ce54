namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>spec.http[].fault.</summary>
/// <param name="Delay">Null: none.</param>
/// <param name="Abort">Null: none.</param>
internal sealed record HttpFault(FaultDelay? Delay, FaultAbort? Abort);
