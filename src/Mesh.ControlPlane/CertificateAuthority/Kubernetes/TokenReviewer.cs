using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;

/// <summary>
/// Asks the API server whose service-account token it is (authentication.k8s.io/v1, TokenReview), so that a deleted pod or account
/// is refused at once. Whatever goes wrong proves nothing.
/// </summary>
internal sealed partial class TokenReviewer : IServiceAccountTokens
{
    private const string Path = "/apis/authentication.k8s.io/v1/tokenreviews";
    private const int MaxTokenLength = 16 * 1024;
    private const int MaxAnswerLength = 256 * 1024;

    private readonly TokenReviewOptions _options;
    private readonly ILogger<TokenReviewer> _logger;
    private readonly TokenFile _own;
    private readonly HttpClient _http;

    public TokenReviewer(TokenReviewOptions options, TimeProvider time, ILogger<TokenReviewer> logger)
    {
        _options = options;
        _logger = logger;
        _own = new TokenFile(options.TokenFile);
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, errors) => Accepts(certificate, errors, time) },
        })
        {
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = MaxAnswerLength,
        };
    }

    public void Dispose() => _http.Dispose();

    /// <inheritdoc/>
    public async ValueTask<CallerProof> VerifyAsync(string token, string trustDomain, CancellationToken cancellationToken)
    {
        if (token.Length > MaxTokenLength)
        {
            return CallerProof.Refused("the Kubernetes token is too long");
        }

        try
        {
            using var answer = await AskAsync(token, cancellationToken).ConfigureAwait(false);
            return Read(answer.RootElement, trustDomain);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.Failed(_logger, _options.Server, e.Message);
            return CallerProof.Refused("the Kubernetes API server could not be asked about the token");
        }
    }

    private async Task<JsonDocument> AskAsync(string token, CancellationToken cancellationToken)
    {
        var review = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenReview",
            ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray(_options.Audience) },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_options.Server, Path))
        {
            Content = new StringContent(review.ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
        };
        if (_own.Read() is { } own)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", own);
        }

        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created))
        {
            throw new HttpRequestException($"it answered {(int)response.StatusCode}");
        }

        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    // An API server that does not know audiences leaves them out of its answer; then nothing says that the token was made for us.
    private CallerProof Read(JsonElement review, string trustDomain)
    {
        if (!TryGet(review, "status", JsonValueKind.Object, out var status) || !TryGet(status, "authenticated", JsonValueKind.True, out _))
        {
            return CallerProof.Refused("Kubernetes does not know the token");
        }

        if (!TryGet(status, "audiences", JsonValueKind.Array, out var audiences)
            || !audiences.EnumerateArray().Any(a => a.ValueKind == JsonValueKind.String && a.GetString() == _options.Audience))
        {
            return CallerProof.Refused($"the Kubernetes token was not made for the audience {_options.Audience}");
        }

        var name = TryGet(status, "user", JsonValueKind.Object, out var user) && TryGet(user, "username", JsonValueKind.String, out var text) ? text.GetString()! : "";
        return ServiceAccountSubject.Read(name, trustDomain);
    }

    private static bool TryGet(JsonElement element, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind == kind;
    }

    private bool Accepts(System.Security.Cryptography.X509Certificates.X509Certificate? certificate, SslPolicyErrors errors, TimeProvider time)
    {
        if (certificate is not System.Security.Cryptography.X509Certificates.X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        try
        {
            // The file is read per handshake, because the platform replaces it.
            using var chain = new System.Security.Cryptography.X509Certificates.X509Chain();
            chain.ChainPolicy = PeerVerifier.ChainPolicy(new TrustBundle("", PemCertificates.Read(File.ReadAllText(_options.RootsFile))), time);
            return chain.Build(leaf);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            Log.Failed(_logger, _options.Server, e.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4323, LogLevel.Error, "The Kubernetes API server {Server} could not be asked about a token: {Reason}")]
        public static partial void Failed(ILogger logger, Uri server, string reason);
    }
}
