namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Where in a file something stands; lines and columns count from 1.</summary>
internal readonly record struct SourcePosition(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
