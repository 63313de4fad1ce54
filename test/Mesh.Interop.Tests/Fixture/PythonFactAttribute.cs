namespace ProxylessMesh.Interop.Tests.Fixture;

/// <summary>A fact that needs gRPC for Python.</summary>
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = PythonGrpc.SkipReason;
}
