namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>An error rejects its object; a warning does not.</summary>
internal enum ProblemSeverity
{
    Warning,
    Error,
}
