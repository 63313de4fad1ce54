namespace ProxylessMesh.ControlPlane.Model;

/// <summary>A host with regard to chaos.</summary>
/// <param name="Host">In normal form.</param>
/// <param name="Namespace">Of the object that defines it.</param>
/// <param name="IsService">Defined by a Service, not only by a ServiceEntry.</param>
/// <param name="Protection">Why no experiment may hit it; null: one may.</param>
internal sealed record ChaosTarget(string Host, string Namespace, bool IsService, string? Protection);
