using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Tests.Identity;

public sealed class CaIdentitySourceTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly ObservedTime _time = new(new FakeTime());
    private readonly CollectedLogs _logs = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority;
    private readonly ScriptedIssuer _issuer;
    private readonly List<CaIdentitySource> _sources = [];

    public CaIdentitySourceTests()
    {
        _authority = new TestAuthority(_time);
        _issuer = new ScriptedIssuer(_authority);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var source in _sources)
        {
            await source.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _directory.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Gets_a_certificate_at_start()
    {
        var source = Create();
        Assert.Null(source.Current);
        var changed = NextChange(source);
        source.Start();
        var state = await source.WaitAsync(CancellationToken.None).WaitAsync(s_limit);
        await changed;

        Assert.Same(state, source.Current);
        Assert.Equal(ScriptedIssuer.Id, state.Certificate.Id.ToString());
        Assert.Equal("cluster.local", state.Bundle.TrustDomain);
        Assert.Equal(_authority.Roots[0].RawData, Assert.Single(state.Bundle.Roots).RawData);
        Assert.True(state.Certificate.Leaf.HasPrivateKey);
        Assert.Equal(TimeSpan.FromHours(24), _issuer.Lifetime);
        Assert.Null(Assert.Single(_issuer.Proofs));
    }

    [Fact]
    public async Task Rotates_at_half_of_the_life_and_proves_itself_with_the_old_certificate()
    {
        var source = await StartedAsync();
        var first = source.Current!;
        var wait = await NextWaitAsync();
        Assert.InRange(wait, TimeSpan.FromHours(11.7), TimeSpan.FromHours(12.3));

        var changed = NextChange(source);
        _time.Advance(wait - TimeSpan.FromMinutes(1));
        Assert.Same(first, source.Current);
        _time.Advance(TimeSpan.FromMinutes(1));
        await changed;

        Assert.NotSame(first, source.Current);
        Assert.NotEqual(first.Certificate.Leaf.GetPublicKey(), source.Current!.Certificate.Leaf.GetPublicKey());
        Assert.Same(first.Certificate, _issuer.Proofs[1]);
        Assert.Equal(2, _logs.Entries.Count(e => e.Id.Id == 1400));
    }

    [Fact]
    public async Task Asks_again_with_growing_pauses_while_the_authority_is_away()
    {
        _issuer.Fault = new IOException("connection refused");
        var source = Create();
        source.Start();
        for (var i = 0; i < 11; i++)
        {
            var pause = await NextWaitAsync();
            var expected = Math.Min(Math.Pow(1.6, i), 15);
            Assert.InRange(pause.TotalSeconds, expected, expected + 0.001);
            _time.Advance(pause);
        }

        Assert.Equal("connection refused", source.LastError);
        Assert.Contains(_logs.Entries, e => e.Id.Id == 1404 && e.Level == LogLevel.Warning && e.Text.Contains("connection refused", StringComparison.Ordinal));

        var last = await NextWaitAsync();
        _issuer.Fault = null;
        _time.Advance(last);
        await source.WaitAsync(CancellationToken.None).WaitAsync(s_limit);
        Assert.Null(source.LastError);
    }

    [Fact]
    public async Task Keeps_the_old_certificate_until_it_expires_and_raises_its_voice()
    {
        var source = await StartedAsync();
        var first = source.Current!;
        _issuer.Fault = new IOException("connection refused");
        while (_time.GetUtcNow() < first.Certificate.NotAfter)
        {
            Assert.Same(first, source.Current);
            _time.Advance(await NextWaitAsync());
        }

        await NextWaitAsync();
        Assert.Null(source.Current);
        Assert.Equal([LogLevel.Warning, LogLevel.Error, LogLevel.Critical], [LevelOf(1402), LevelOf(1403), LevelOf(1405)]);
        var alarm = _logs.Entries.First(e => e.Id.Id == 1403).Text;
        Assert.Contains(ScriptedIssuer.Id, alarm, StringComparison.Ordinal);

        var waiting = source.WaitAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _issuer.Fault = null;
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotSame(first, await waiting.WaitAsync(s_limit));
        Assert.Null(_issuer.Proofs[^1]);
    }

    [Fact]
    public async Task An_authority_that_never_answers_is_given_up_on_and_asked_again()
    {
        _issuer.Hangs = true;
        var source = Create();
        source.Start();
        Assert.Equal(TimeSpan.FromSeconds(30), await _time.NextTimerAsync());
        _time.Advance(TimeSpan.FromSeconds(30));
        var pause = await NextWaitAsync();
        Assert.Equal("the certificate authority did not answer within 30 s", source.LastError);

        _issuer.Hangs = false;
        _time.Advance(pause);
        await source.WaitAsync(CancellationToken.None).WaitAsync(s_limit);
    }

    [Fact]
    public async Task A_wait_can_be_cancelled_and_disposal_ends_a_request()
    {
        _issuer.Hangs = true;
        var source = Create();
        source.Start();
        await _time.NextTimerAsync();
        using var cancelled = new CancellationTokenSource();
        var waiting = source.WaitAsync(cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await source.DisposeAsync().AsTask().WaitAsync(s_limit);
        _sources.Clear();
    }

    [Fact]
    public async Task What_the_authority_answers_is_checked()
    {
        var garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var otherLeaf = _authority.Issue(otherKey, _issuer.Leaf);
        await RefusesAsync(i => i.Answer = "", "holds no certificate");
        await RefusesAsync(i => i.Answer = "hello", "holds no certificate");
        await RefusesAsync(i => i.Answer = garbage, "");
        await RefusesAsync(i => i.Answer = new string('a', 300_000), "at most");
        await RefusesAsync(i => i.Answer = otherLeaf.ExportCertificatePem(), "another key");
        await RefusesAsync(i => i.Leaf = i.Leaf with { Uris = [] }, "no URI");
        await RefusesAsync(i => i.Leaf = i.Leaf with { IsAuthority = true }, "certificate authority's");
        await RefusesAsync(i => i.Leaf = i.Leaf with { NotBefore = _time.GetUtcNow().AddDays(-1), NotAfter = _time.GetUtcNow().AddHours(-1) }, "expired");
        await RefusesAsync(i => i.Leaf = i.Leaf with { Uris = ["spiffe://cluster.local/ns/default/sa/other"] }, "but this workload is service account reviews");
        await RefusesAsync(i => i.Leaf = i.Leaf with { Uris = ["spiffe://cluster.local/ns/prod/sa/reviews"] }, "of namespace default");
    }

    [Fact]
    public async Task A_restart_without_the_authority_uses_what_was_saved()
    {
        var before = await StartedAsync();
        await before.DisposeAsync();
        _issuer.Fault = new IOException("connection refused");
        var after = Create();
        after.Start();

        Assert.Equal(before.Current!.Certificate.Leaf.RawData, after.Current!.Certificate.Leaf.RawData);
        Assert.True(after.Current.Certificate.Leaf.HasPrivateKey);
        Assert.Equal(before.Current.Bundle.Roots[0].RawData, after.Current.Bundle.Roots[0].RawData);
        Assert.Single(_issuer.Proofs);
        Assert.Contains(_logs.Entries, e => e.Id.Id == 1401);
    }

    [Fact]
    public async Task A_saved_certificate_of_another_account_or_another_mesh_or_of_the_past_is_not_used()
    {
        await (await StartedAsync()).DisposeAsync();
        _issuer.Fault = new IOException("connection refused");

        var otherAccount = Create(new CaIdentityOptions { Namespace = "default", ServiceAccount = "ratings" });
        otherAccount.Start();
        Assert.Null(otherAccount.Current);

        var otherMesh = Create(new CaIdentityOptions { Roots = () => new TestAuthority(_time).Roots });
        otherMesh.Start();
        Assert.Null(otherMesh.Current);
        Assert.Equal(2, _logs.Entries.Count(e => e.Id.Id == 1406));

        var sameMesh = Create(new CaIdentityOptions { Roots = () => _authority.Roots });
        sameMesh.Start();
        Assert.NotNull(sameMesh.Current);

        var unreadable = Create(new CaIdentityOptions { Roots = () => throw new CryptographicException("no such file") });
        unreadable.Start();
        Assert.Null(unreadable.Current);
        Assert.Contains(_logs.Entries, e => e.Id.Id == 1408 && e.Text.Contains("no such file", StringComparison.Ordinal));

        _time.Advance(TimeSpan.FromHours(25));
        var late = Create();
        late.Start();
        Assert.Null(late.Current);
        Assert.Contains(_logs.Entries, e => e.Id.Id == 1410 && e.Text.Contains("expired", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_subscriber_that_fails_does_not_end_the_rotation()
    {
        var source = Create();
        source.Changed += () => throw new InvalidOperationException("mine");
        source.Start();
        await source.WaitAsync(CancellationToken.None).WaitAsync(s_limit);
        var wait = await NextWaitAsync();
        var second = NextChange(source);
        _time.Advance(wait);
        await NextWaitAsync();

        Assert.Equal(2, _issuer.Proofs.Count);
        Assert.False(second.IsFaulted);
        Assert.Contains(_logs.Entries, e => e.Id.Id == 1407);
    }

    private async Task RefusesAsync(Action<ScriptedIssuer> spoil, string reason)
    {
        var issuer = new ScriptedIssuer(_authority);
        spoil(issuer);
        await using var source = new CaIdentitySource(
            issuer,
            store: null,
            new CaIdentityOptions { Namespace = "default", ServiceAccount = "reviews" },
            _time,
            new FixedRandom(),
            new Logger<CaIdentitySource>(_logs));
        source.Start();
        await NextWaitAsync();

        Assert.Null(source.Current);
        Assert.Contains(reason, source.LastError, StringComparison.Ordinal);
    }

    private CaIdentitySource Create(CaIdentityOptions? options = null)
    {
        var store = new IdentityStore(_directory.File("identity"), _logs.CreateLogger("store"));
        var source = new CaIdentitySource(
            _issuer, store, options ?? new CaIdentityOptions(), _time, new FixedRandom(), new Logger<CaIdentitySource>(_logs));
        _sources.Add(source);
        return source;
    }

    private async Task<CaIdentitySource> StartedAsync()
    {
        var source = Create();
        source.Start();
        await source.WaitAsync(CancellationToken.None).WaitAsync(s_limit);
        return source;
    }

    // The limit of a request is a timer, too.
    private async Task<TimeSpan> NextWaitAsync()
    {
        TimeSpan wait;
        do
        {
            wait = await _time.NextTimerAsync();
        }
        while (wait == TimeSpan.FromSeconds(30));

        return wait;
    }

    private static Task NextChange(CaIdentitySource source)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.Changed += () => changed.TrySetResult();
        return changed.Task.WaitAsync(s_limit);
    }

    private LogLevel LevelOf(int id) => _logs.Entries.First(e => e.Id.Id == id).Level;

    private sealed class FixedRandom : IRandomSource
    {
        public int Next(int exclusiveMax) => 0;

        public double NextDouble() => 0.5;
    }
}
