namespace ProxylessMesh.Xds.Resources;

/// <summary>One step of the path of a <see cref="DecodeContext"/>, left on disposal.</summary>
internal readonly ref struct FieldScope(DecodeContext context)
{
    public void Dispose() => context.Leave();
}
