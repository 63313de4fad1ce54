namespace ProxylessMesh.Client.Drops;

/// <summary>Marks the reply to a call that was dropped (Envoy, x-envoy-drop-overload).</summary>
internal static class DropOverloadHeader
{
    public const string Name = "x-envoy-drop-overload";
    public const string Value = "true";
}
