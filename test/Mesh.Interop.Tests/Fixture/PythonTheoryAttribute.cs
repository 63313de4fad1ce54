namespace ProxylessMesh.Interop.Tests.Fixture;

/// <summary>A theory that needs gRPC for Python.</summary>
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute() => Skip = PythonGrpc.SkipReason;
}
