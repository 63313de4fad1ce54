namespace ProxylessMesh.Xds.Config;

/// <summary>What a route changes of the external authorization filter.</summary>
internal sealed record ExternalAuthorizationOverrideConfig(string Name) : HttpFilterConfig(Name)
{
    /// <summary>Told to the service, beside those of more general levels.</summary>
    public EquatableMap ContextExtensions { get; init; } = EquatableMap.Empty;

    /// <summary>The service does not see bodies, whatever the filter says.</summary>
    public bool HidesBody { get; init; }

    /// <summary>Instead of the filter's; null: as the filter says.</summary>
    public CheckedBodyConfig? Body { get; init; }
}
