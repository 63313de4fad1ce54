namespace ProxylessMesh.ControlPlane.Tests.Docs;

/// <summary>One field, or one value of one, as docs/support.md promises it.</summary>
/// <param name="ApiVersion">Of the section's kind.</param>
/// <param name="Kind">The section's kind.</param>
/// <param name="Field">Path below spec, as in <c>http[].timeout</c>.</param>
/// <param name="Value">As in <c>type: ExternalName</c>; null when the row speaks of the field as such.</param>
/// <param name="State">works, warning, refused, sidecar only, ignored.</param>
public sealed record SupportRow(string ApiVersion, string Kind, string Field, string? Value, string State)
{
    public override string ToString() => Value is null ? $"{Kind} {Field} {State}" : $"{Kind} {Field}: {Value} {State}";
}
