namespace ProxylessMesh.Xds.ExternalAuthorization;

/// <summary>A service that decides about requests.</summary>
internal interface IAuthorizer
{
    /// <exception cref="AuthorizerException">There is no answer, or none that can be understood.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    Task<AuthorizationVerdict> AskAsync(AuthorizationInquiry inquiry, CancellationToken cancellationToken);
}
