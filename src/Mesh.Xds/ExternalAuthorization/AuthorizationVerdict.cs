using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.ExternalAuthorization;

/// <summary>What a service has decided.</summary>
/// <param name="IsAllowed">The request may go on.</param>
internal sealed record AuthorizationVerdict(bool IsAllowed)
{
    /// <summary>Of a refusal.</summary>
    public int Status { get; init; } = 403;

    /// <summary>Of a refusal.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Changes of a request that goes on.</summary>
    public EquatableArray<HeaderMutationConfig> RequestHeaders { get; init; } = [];

    /// <summary>Of the refusal, or of the response to a request that goes on.</summary>
    public EquatableArray<HeaderMutationConfig> ResponseHeaders { get; init; } = [];
}
