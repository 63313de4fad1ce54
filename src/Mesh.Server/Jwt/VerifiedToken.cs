using System.Text.Json;

namespace ProxylessMesh.Server.Jwt;

/// <summary>A request's token whose signature, issuer, audience and times were verified.</summary>
/// <param name="Issuer">Claim <c>iss</c>.</param>
/// <param name="Subject">Claim <c>sub</c>; empty when there is none.</param>
/// <param name="Payload">All claims: an object.</param>
internal sealed record VerifiedToken(string Issuer, string Subject, JsonElement Payload)
{
    /// <summary>Istio's request principal, <c>issuer/subject</c>; empty when either is missing. Made once per token.</summary>
    public string Principal { get; } = Issuer.Length > 0 && Subject.Length > 0 ? $"{Issuer}/{Subject}" : "";
}
