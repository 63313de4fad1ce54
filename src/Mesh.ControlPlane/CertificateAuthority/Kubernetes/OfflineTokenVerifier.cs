using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;

/// <summary>
/// Believes service-account tokens that the cluster's key has signed, for where there is no API server to ask. What it cannot know:
/// that a pod or an account has been deleted since. Such a token counts until it expires.
/// </summary>
internal sealed class OfflineTokenVerifier : IServiceAccountTokens
{
    private readonly OfflineTokenOptions _options;
    private readonly JwtRequirements _requirements;
    private readonly TimeProvider _time;
    private readonly IssuerKeys _keys;

    /// <exception cref="CertificateAuthorityException">The file of keys is missing or holds none.</exception>
    public OfflineTokenVerifier(OfflineTokenOptions options, TimeProvider time, ILogger<OfflineTokenVerifier> logger)
    {
        _options = options;
        _time = time;
        _requirements = new JwtRequirements { Issuer = options.Issuer, RequireExpiration = true };
        _keys = IssuerKeys.Open(options.Keys, time, logger);
    }

    public void Dispose() => _keys.Dispose();

    /// <inheritdoc/>
    public ValueTask<CallerProof> VerifyAsync(string token, string trustDomain, CancellationToken cancellationToken) => ValueTask.FromResult(Verify(token, trustDomain));

    private CallerProof Verify(string text, string trustDomain)
    {
        var failure = JsonWebToken.TryParse(text, out var token);
        if (failure == JwtFailure.None)
        {
            failure = _keys.Current is not { } keys ? JwtFailure.NoKeys : keys.Verify(token!);
        }

        if (failure == JwtFailure.None)
        {
            failure = _requirements.Check(token!.Claims, _time.GetUtcNow());
        }

        return failure != JwtFailure.None ? CallerProof.Refused($"the Kubernetes token proves nothing: {JwtFailureText.Of(failure)}")
            : !token!.Claims.Audiences.Contains(_options.Audience, StringComparer.Ordinal)
                ? CallerProof.Refused($"the Kubernetes token was not made for the audience {_options.Audience}")
            : ServiceAccountSubject.Read(token.Claims.Subject ?? "", trustDomain);
    }
}
