namespace ProxylessMesh.Xds.Config;

/// <summary>A service that decides by the status of its answer.</summary>
/// <param name="Host">Of the mesh or outside it.</param>
/// <param name="Port">Of the service.</param>
/// <param name="PathPrefix">Before the request's own path; may be empty.</param>
internal sealed record HttpAuthorizerConfig(string Host, int Port, string PathPrefix)
{
    /// <summary>Added to what it is sent.</summary>
    public EquatableArray<KeyValuePair<string, string>> AddedHeaders { get; init; } = [];

    /// <summary>Headers of a positive answer that replace those of the request.</summary>
    public EquatableArray<StringMatchConfig> ToUpstream { get; init; } = [];

    /// <summary>Headers of a positive answer that are added to those of the request.</summary>
    public EquatableArray<StringMatchConfig> AppendedToUpstream { get; init; } = [];

    /// <summary>Headers of a negative answer that its client sees; none: all.</summary>
    public EquatableArray<StringMatchConfig> ToClientOnDeny { get; init; } = [];

    /// <summary>Headers of a positive answer that the client sees with the app's.</summary>
    public EquatableArray<StringMatchConfig> ToClientOnAllow { get; init; } = [];
}
