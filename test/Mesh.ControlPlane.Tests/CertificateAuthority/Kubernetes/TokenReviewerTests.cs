using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority.Kubernetes;

/// <summary>Against an API server's TokenReview endpoint on a real Kestrel with TLS.</summary>
public sealed class TokenReviewerTests : AuthorityFixture, IAsyncLifetime
{
    private const string Token = "header.payload.signature";
    private const string Good = """{"status":{"authenticated":true,"audiences":["istio-ca"],"user":{"username":"system:serviceaccount:default:reviews"}}}""";

    private readonly TemporaryDirectory _files = new();
    private readonly TestAuthority _cluster = new(TimeProvider.System, "kubernetes");
    private JsonNode? _asked;
    private string? _authorization;
    private string _answer = Good;
    private int _status = 201;
    private WebApplication? _app;

    public async Task InitializeAsync()
    {
        var certificate = _cluster.IssueIdentity("spiffe://kubernetes/api", new TestLeaf { DnsNames = ["localhost"] }).Certificate;
        File.WriteAllText(_files.File("ca.crt"), _cluster.Certificate.ExportCertificatePem());
        File.WriteAllText(_files.File("token"), "own-token\n");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, e => e.UseHttps(certificate.Leaf)));
        _app = builder.Build();
        _app.MapPost("/apis/authentication.k8s.io/v1/tokenreviews", async context =>
        {
            _asked = await JsonNode.ParseAsync(context.Request.Body);
            _authorization = context.Request.Headers.Authorization;
            context.Response.StatusCode = _status;
            await context.Response.WriteAsync(_answer);
        });
        await _app.StartAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await _app!.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task A_service_account_token_proves_its_account()
    {
        var proof = await VerifyAsync();
        Assert.Equal(Reviews, proof.Id);
        Assert.Equal("TokenReview", (string?)_asked!["kind"]);
        Assert.Equal(Token, (string?)_asked["spec"]!["token"]);
        Assert.Equal("istio-ca", (string?)_asked["spec"]!["audiences"]![0]);
        Assert.Equal("Bearer own-token", _authorization);
    }

    [Theory]
    [InlineData("""{"status":{"authenticated":false,"error":"expired"}}""", "does not know")]
    [InlineData("""{"status":{"authenticated":"true","audiences":["istio-ca"],"user":{"username":"system:serviceaccount:default:reviews"}}}""", "does not know")]
    [InlineData("""{}""", "does not know")]
    [InlineData("""[]""", "does not know")]
    [InlineData("""{"status":{"authenticated":true,"user":{"username":"system:serviceaccount:default:reviews"}}}""", "not made for the audience istio-ca")]
    [InlineData("""{"status":{"authenticated":true,"audiences":["other"],"user":{"username":"system:serviceaccount:default:reviews"}}}""", "not made for the audience istio-ca")]
    [InlineData("""{"status":{"authenticated":true,"audiences":["istio-ca"],"user":{"username":"admin"}}}""", "not of a service account")]
    [InlineData("""{"status":{"authenticated":true,"audiences":["istio-ca"],"user":{"username":"system:serviceaccount:a:b:c"}}}""", "not of a service account")]
    [InlineData("""{"status":{"authenticated":true,"audiences":["istio-ca"],"user":{"username":"system:serviceaccount:a:../b"}}}""", "no SPIFFE id")]
    [InlineData("not json", "could not be asked")]
    public async Task Any_other_answer_proves_nothing(string answer, string reason)
    {
        _answer = answer;
        Assert.Contains(reason, (await VerifyAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_fails_or_is_not_trusted_proves_nothing()
    {
        _status = 403;
        Assert.Contains("could not be asked", (await VerifyAsync()).Error, StringComparison.Ordinal);
        _status = 201;
        _asked = null;
        File.WriteAllText(_files.File("ca.crt"), new TestAuthority(TimeProvider.System).Certificate.ExportCertificatePem());
        Assert.Contains("could not be asked", (await VerifyAsync()).Error, StringComparison.Ordinal);
        Assert.Null(_asked);
        Assert.DoesNotContain(Logs.Entries, e => e.Text.Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_join_token_and_a_certificate_are_judged_as_ever()
    {
        using var authority = Open();
        var tokens = JoinTokens.Open(Data, Time);
        using var reviewer = Reviewer();
        var callers = new CallerIdentity(authority, tokens, Time, reviewer);
        Assert.Equal(Reviews, (await callers.VerifyAsync("Bearer " + tokens.Create("default", "reviews", TimeSpan.FromHours(1)), null, null, CancellationToken.None)).Id);
        Assert.Null(_asked);
        Assert.Equal(Reviews, (await callers.VerifyAsync("Bearer " + Token, null, null, CancellationToken.None)).Id);
        Assert.NotNull(_asked);
    }

    private async Task<CallerProof> VerifyAsync()
    {
        using var reviewer = Reviewer();
        return await reviewer.VerifyAsync(Token, "cluster.local", CancellationToken.None);
    }

    private TokenReviewer Reviewer() => new(
        new TokenReviewOptions
        {
            Server = new Uri($"https://localhost:{new Uri(_app!.Urls.First()).Port}"),
            RootsFile = _files.File("ca.crt"),
            TokenFile = _files.File("token"),
        },
        TimeProvider.System,
        new Logger<TokenReviewer>(Logs));
}
