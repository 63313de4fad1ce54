namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>A route's reference to something that is not there.</summary>
/// <param name="Problem">For the operator.</param>
/// <param name="Host">The destination's full host.</param>
/// <param name="Subset">The missing subset; null when the host itself is missing.</param>
internal sealed record ReferenceFault(ConfigProblem Problem, string Host, string? Subset);
