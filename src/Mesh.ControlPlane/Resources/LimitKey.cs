namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What tells callers apart.</summary>
/// <param name="Kind">Where the value comes from.</param>
/// <param name="Key">Of the descriptor's entry; for local limits its own name.</param>
/// <param name="Value">The header's name, or the fixed value.</param>
internal sealed record LimitKey(LimitKeyKind Kind, string Key, string Value = "");
