using System.Net;
using System.Security.Cryptography.X509Certificates;
using Istio.V1.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

/// <summary>A workload's identity source against the real authority, over a real Kestrel.</summary>
public sealed class SecureEndpointTests : AuthorityFixture, IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly MeshCertificateAuthority _authority;
    private readonly JoinTokens _tokens;
    private WebApplication? _app;

    public SecureEndpointTests()
    {
        _authority = Open();
        _tokens = JoinTokens.Open(Data, Time);
    }

    private Uri Address => AddressOf(_app!);

    public async Task InitializeAsync() => _app = await StartAsync(secure: true);

    async Task IAsyncLifetime.DisposeAsync()
    {
        await _app!.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task A_workload_joins_with_a_token_and_stays_with_its_certificate()
    {
        string? token = _tokens.Create("default", "reviews", TimeSpan.FromHours(1));
        var watched = new ObservedTime(Time);
        await using var source = Source(new GrpcCertificateIssuer(Address, () => _authority.Bundle.Roots, () => token, Time), watched);
        source.Start();
        var first = await source.WaitAsync(CancellationToken.None).WaitAsync(s_patience);

        Assert.Equal(Reviews, first.Certificate.Id);
        Assert.Equal(_authority.Bundle.Roots[0].RawData, Assert.Single(first.Bundle.Roots).RawData);

        token = null;
        var rotated = new TaskCompletionSource();
        source.Changed += rotated.SetResult;
        Assert.Equal(TimeSpan.FromSeconds(30), await watched.NextTimerAsync());
        var half = await watched.NextTimerAsync();
        Assert.InRange(half, TimeSpan.FromHours(11), TimeSpan.FromHours(13));
        Time.Advance(half);
        await rotated.Task.WaitAsync(s_patience);

        Assert.Equal(Reviews, source.Current!.Certificate.Id);
        Assert.NotEqual(first.Certificate.Leaf.SerialNumber, source.Current.Certificate.Leaf.SerialNumber);
        Assert.True(source.Current.Certificate.NotAfter > first.Certificate.NotAfter);
    }

    [Fact]
    public async Task A_token_that_proves_nothing_gets_the_reason()
    {
        Assert.Contains("was altered", await FailureAsync(() => _authority.Bundle.Roots, () => "a.b"), StringComparison.Ordinal);
        Assert.Contains("neither a token nor a valid", await FailureAsync(() => _authority.Bundle.Roots, () => null), StringComparison.Ordinal);

        var expired = _tokens.Create("default", "reviews", TimeSpan.FromHours(1));
        Time.Advance(TimeSpan.FromHours(2));
        Assert.Contains("default/reviews expired", await FailureAsync(() => _authority.Bundle.Roots, () => expired), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_never_sent_to_an_authority_that_is_not_trusted()
    {
        var token = _tokens.Create("default", "reviews", TimeSpan.FromHours(1));
        await FailureAsync(() => new TestAuthority(Time).Roots, () => token);
        await FailureAsync(() => null, () => token);

        Assert.DoesNotContain(Logs.Entries, e => e.Id.Id == 4303);
        Assert.Throws<ArgumentException>(() => new GrpcCertificateIssuer(new Uri("http://localhost:15010"), () => null, () => token, Time));
    }

    [Fact]
    public async Task A_plaintext_endpoint_issues_nothing()
    {
        await using var plain = await StartAsync(secure: false);
        var address = AddressOf(plain);
        using var channel = new GrpcChannel(address, new GrpcChannelSettings(), null, Time);
        using var key = SigningRequest.NewKey();
        var request = new IstioCertificateRequest { Csr = SigningRequest.Create(key) };
        var token = _tokens.Create("default", "reviews", TimeSpan.FromHours(1));
        var metadata = new GrpcCallOptions(Metadata: [new("authorization", "Bearer " + token)]);
        var refused = await Assert.ThrowsAsync<GrpcException>(
            () => channel.UnaryAsync(WellKnownMethods.CreateCertificate, request, metadata, CancellationToken.None).WaitAsync(s_patience));

        Assert.Equal(GrpcStatusCode.Unauthenticated, refused.Status);
    }

    [Fact]
    public async Task An_oversized_request_is_refused()
    {
        using var channel = new GrpcChannel(
            Address, new GrpcChannelSettings(), () => MeshTls.ForControlPlane("127.0.0.1", _authority.Bundle.Roots, null, Time), Time);
        var request = new IstioCertificateRequest { Csr = new string('A', 1_000_000) };
        var refused = await Assert.ThrowsAsync<GrpcException>(
            () => channel.UnaryAsync(WellKnownMethods.CreateCertificate, request, GrpcCallOptions.None, CancellationToken.None).WaitAsync(s_patience));

        Assert.Equal(GrpcStatusCode.ResourceExhausted, refused.Status);
    }

    [Fact]
    public async Task A_source_outlives_the_absence_of_its_control_plane()
    {
        var token = _tokens.Create("default", "reviews", TimeSpan.FromDays(30));
        var address = Address;
        await _app!.DisposeAsync();
        var watched = new ObservedTime(Time);
        await using var source = Source(new GrpcCertificateIssuer(address, () => _authority.Bundle.Roots, () => token, Time), watched);
        source.Start();
        Assert.Equal(TimeSpan.FromSeconds(30), await watched.NextTimerAsync());
        var pause = await watched.NextTimerAsync();
        Assert.NotNull(source.LastError);

        _app = await StartAsync(secure: true, address.Port);
        Time.Advance(pause);
        Assert.Equal(Reviews, (await source.WaitAsync(CancellationToken.None).WaitAsync(s_patience)).Certificate.Id);
    }

    private async Task<string> FailureAsync(Func<X509Certificate2Collection?> roots, Func<string?> token)
    {
        var issuer = new GrpcCertificateIssuer(Address, roots, token, Time);
        using var key = SigningRequest.NewKey();
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => issuer.IssueAsync(SigningRequest.Create(key), TimeSpan.FromHours(1), null, CancellationToken.None).WaitAsync(s_patience));
        Assert.IsNotType<TimeoutException>(failure);
        return failure.Message;
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private CaIdentitySource Source(ICertificateIssuer issuer, TimeProvider time) =>
        new(issuer, store: null, new CaIdentityOptions(), time, SystemRandomSource.Instance, new Logger<CaIdentitySource>(Logs));

    private async Task<WebApplication> StartAsync(bool secure, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint =>
        {
            if (secure)
            {
                endpoint.UseMeshCertificate(new ControlPlaneCertificate(_authority, Options, Time, new Logger<ControlPlaneCertificate>(Logs)));
            }
            else
            {
                endpoint.Protocols = HttpProtocols.Http2;
            }
        }));
        var app = builder.Build();
        var callers = new CallerIdentity(_authority, _tokens, Time);
        app.MapCertificateService(new CertificateService(_authority, callers, new Logger<CertificateService>(Logs)), callers);
        await app.StartAsync();
        return app;
    }
}
