using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ProxylessMesh.Server.Tests.Fixture;

namespace ProxylessMesh.Server.Tests.Peers;

public sealed class PrincipalTests
{
    [Fact]
    public async Task The_peer_is_the_user_of_an_app_without_authentication()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh, b => b.Services.AddAuthorization(), MapUser);
        using var secure = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));
        using var plaintext = Callers.Plaintext(app, HttpVersion.Version20);

        Assert.Equal("mesh=spiffe://cluster.local/ns/default/sa/productpage default productpage", await secure.GetStringAsync("/user"));
        Assert.Equal("", await plaintext.GetStringAsync("/user"));
    }

    [Fact]
    public async Task Claims_that_a_request_adds_are_not_seen_by_the_next_on_its_connection()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.MapGet("/add", (HttpContext c) =>
        {
            c.User.AddIdentity(new ClaimsIdentity("added"));
            ((ClaimsIdentity)c.User.Identity!).AddClaim(new Claim("role", "admin"));
            return string.Join(' ', c.User.Identities.Select(i => i.Claims.Count()));
        }));
        using var secure = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));

        Assert.Equal("4 0", await secure.GetStringAsync("/add"));
        Assert.Equal("4 0", await secure.GetStringAsync("/add"));
    }

    [Fact]
    public async Task The_peer_stands_beside_the_user_whom_the_app_authenticates()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh, AddOwnAuthentication, MapUser);
        using var secure = Callers.Secure(app, HttpVersion.Version11, mesh.Authority.IssueFor("productpage"));
        secure.DefaultRequestHeaders.Add("user", "jason");

        Assert.Equal(
            "own=jason  ;mesh=spiffe://cluster.local/ns/default/sa/productpage default productpage", await secure.GetStringAsync("/user"));
        Assert.Equal(HttpStatusCode.OK, (await secure.GetAsync("/signed-in")).StatusCode);
    }

    [Fact]
    public async Task A_workload_alone_does_not_pass_what_the_app_keeps_for_its_own_users()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh, AddOwnAuthentication, MapUser);
        using var secure = Callers.Secure(app, HttpVersion.Version11, mesh.Authority.IssueFor("productpage"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await secure.GetAsync("/signed-in")).StatusCode);
        Assert.StartsWith("spiffe:", await secure.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }

    private static void AddOwnAuthentication(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication("own").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("own", null);
        builder.Services.AddAuthorization();
    }

    private static void MapUser(WebApplication app)
    {
        app.MapGet("/user", (HttpContext c) => string.Join(';', c.User.Identities.Where(i => i.IsAuthenticated).Select(i =>
            $"{i.AuthenticationType}={i.FindFirst(ClaimTypes.NameIdentifier)!.Value} {i.FindFirst(MeshClaimTypes.Namespace)?.Value} {i.FindFirst(MeshClaimTypes.ServiceAccount)?.Value}")));
        if (app.Services.GetService<IAuthenticationSchemeProvider>() is not null)
        {
            app.MapGet("/signed-in", () => "in").RequireAuthorization();
        }
    }

    private sealed class HeaderAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["user"].ToString() is not { Length: > 0 } user)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user)], "own");
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), "own")));
        }
    }
}
