namespace ProxylessMesh.Xds.Config;

/// <summary>How much of a body a service sees that authorizes.</summary>
/// <param name="MaxBytes">A longer one is refused with 413 (or cut).</param>
/// <param name="AllowPartial">Cuts it instead.</param>
/// <param name="AsBytes">For gRPC: in raw_body instead of body.</param>
internal sealed record CheckedBodyConfig(int MaxBytes, bool AllowPartial, bool AsBytes);
