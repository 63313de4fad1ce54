namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>An error rejects its object; a warning and a note do not.</summary>
internal enum ProblemSeverity
{
    /// <summary>Nothing is wrong; worth knowing.</summary>
    Information,
    Warning,
    Error,
}
