using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Connections;
using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Client.Tests.Connections;

/// <summary>Real handshakes whose outcome would be another one later: the caller's side of a long-lived connection.</summary>
public sealed class LiveUpstreamsTests : IDisposable
{
    private const string Reviews = "spiffe://cluster.local/ns/default/sa/reviews";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly CollectedLogs _logs = new();
    private readonly TestAuthority _authority = new(TimeProvider.System);
    private readonly TestAuthority _next = new(TimeProvider.System);
    private readonly SettableIdentity _identity;
    private readonly EndpointConnector _connector;
    private readonly ClusterState _cluster;

    public LiveUpstreamsTests()
    {
        _identity = new SettableIdentity(_authority.IssueFor("client") with { Bundle = Both });
        _connector = new EndpointConnector(_identity, _time, _logs.CreateLogger("ProxylessMesh.Client"));
        _cluster = new ClusterState(Sample.ClusterName, _connector.CreateHandler, _time, new SeededRandom(1)) { Resettled = _connector.Live.Judge };
    }

    private TrustBundle Both => _authority.Bundle with { Roots = [.. _authority.Roots, .. _next.Roots] };

    public void Dispose()
    {
        _cluster.Dispose();
        _connector.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task A_rotation_of_our_own_certificate_and_a_new_root_leave_connections_alone()
    {
        await using var server = new NumberedServer(_authority.IssueFor("reviews"));
        Apply(server, Tls());
        Assert.Equal("1", await AskAsync());

        _identity.Current = _authority.IssueFor("client") with { Bundle = Both };
        _identity.Current = _identity.Current with { Bundle = Both with { Roots = [.. Both.Roots, .. new TestAuthority(TimeProvider.System).Roots] } };

        Assert.Equal("1", await AskAsync());
        Assert.Empty(_logs.Entries);
    }

    [Fact]
    public async Task When_a_servers_root_goes_new_requests_take_new_connections_at_once_and_the_old_one_is_cut_after_its_grace()
    {
        await using var server = new NumberedServer(_authority.IssueFor("reviews"));
        Apply(server, Tls());
        using var held = await HoldAsync();
        server.Become(_next.IssueFor("reviews"));

        _identity.Current = _identity.Current with { Bundle = _next.Bundle };
        Assert.Contains("1 connections to servers whose certificates", await _logs.WaitForAsync(2850), StringComparison.Ordinal);

        Assert.Equal("2", await AskAsync());
        Assert.Equal(2, _connector.Open.Count);
        var reading = held.ReadAsByteArrayAsync();
        Assert.False(reading.IsCompleted);
        await CutAsync(reading);
        Assert.Equal("2", await AskAsync());
    }

    [Fact]
    public async Task A_server_whose_certificate_is_not_trusted_any_more_is_not_called_over_the_idle_connection()
    {
        await using var server = new NumberedServer(_authority.IssueFor("reviews"));
        Apply(server, Tls());
        Assert.Equal("1", await AskAsync());

        _identity.Current = _identity.Current with { Bundle = _next.Bundle };
        await _logs.WaitForAsync(2850);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(AskAsync);
        Assert.IsType<AuthenticationException>(failure.InnerException);
    }

    [Fact]
    public async Task Names_that_a_server_may_have_are_asked_again()
    {
        await using var server = new NumberedServer(_authority.IssueFor("reviews"));
        Apply(server, Tls(Reviews));
        using var held = await HoldAsync();

        // One more name covers the one that was shown.
        Apply(server, Tls(Reviews, "spiffe://cluster.local/ns/default/sa/ratings"));
        Assert.DoesNotContain(_logs.Entries, e => e.Id.Id == 2851);

        Apply(server, Tls("spiffe://cluster.local/ns/default/sa/ratings"));
        Assert.Contains(Sample.ClusterName, await _logs.WaitForAsync(2851), StringComparison.Ordinal);
        await CutAsync(held.ReadAsByteArrayAsync());
        var failure = await Assert.ThrowsAsync<HttpRequestException>(AskAsync);
        Assert.Contains("which the configuration does not allow", failure.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plaintext_connection_ends_when_the_endpoint_is_to_be_called_with_TLS()
    {
        await using var plaintext = new NumberedServer(null);
        Apply(plaintext, null);
        using var held = await HoldAsync();

        Apply(plaintext, Tls());

        await _logs.WaitForAsync(2851);
        await CutAsync(held.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_version_of_TLS_that_is_no_longer_allowed_ends()
    {
        await using var server = new NumberedServer(_authority.IssueFor("reviews"));
        Apply(server, Tls() with { Parameters = new TlsParametersConfig(SslProtocols.Tls12, []) });
        using var held = await HoldAsync();

        Apply(server, Tls() with { Parameters = new TlsParametersConfig(SslProtocols.Tls13, []) });

        await _logs.WaitForAsync(2851);
        await CutAsync(held.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Who_is_told_to_come_in_plaintext_may_finish_and_so_may_calls_to_an_endpoint_that_goes()
    {
        await using var server = new NumberedServer(_authority.IssueFor("reviews"));
        Apply(server, Tls());
        using var held = await HoldAsync();

        Apply(server, null);
        _cluster.Apply(new ClusterSnapshot(Sample.ClusterName, Sample.Cluster(), Sample.Endpoints(Array.Empty<string>()), null));
        _time.Advance(LiveUpstreams.Grace * 2);

        Assert.DoesNotContain(_logs.Entries, e => e.Id.Id == 2851);
        Assert.Equal(1, _connector.Open.Count);
    }

    [Fact]
    public async Task An_ejected_endpoint_that_gets_new_connections_stays_ejected_until_its_time_is_over()
    {
        await using var server = new NumberedServer(_authority.IssueFor("reviews"));
        Apply(server, Tls(), Sample.Outliers(1));
        Assert.Equal("1", await AskAsync());
        var endpoint = _cluster.Pick(default)!;
        _cluster.Outliers.Record(endpoint, AttemptVerdict.ServerError);
        endpoint.Release();
        Assert.True(endpoint.IsEjected);
        var weight = endpoint.WeightByReports();

        _cluster.Renew(endpoint.Key);

        var renewed = Assert.Single(_cluster.Model.Known);
        Assert.NotSame(endpoint, renewed);
        Assert.Same(weight, renewed.ReportedWeight);
        Assert.True(renewed.IsEjected);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(renewed.IsEjected);
    }

    private static UpstreamTlsConfig Tls(params string[] names) =>
        new("default", "default", names.Select(n => new StringMatchConfig(StringMatchKind.Exact, n)).ToEquatableArray(), "", []);

    private void Apply(NumberedServer server, UpstreamTlsConfig? tls, OutlierDetectionConfig? outliers = null) => _cluster.Apply(new ClusterSnapshot(
        Sample.ClusterName,
        Sample.Cluster(tls: tls, outliers: outliers),
        Sample.Endpoints(new EndpointConfig("127.0.0.1", server.Port, 1, EndpointHealth.Healthy, EquatableMap.Empty)),
        null));

    private async Task<string> AskAsync()
    {
        using var answer = await SendAsync("/");
        return await answer.ReadAsStringAsync();
    }

    /// <summary>The body of an answer that does not end by itself.</summary>
    private Task<HttpContent> HoldAsync() => SendAsync("/hold");

    private async Task<HttpContent> SendAsync(string path)
    {
        var endpoint = _cluster.Pick(default)!;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://reviews:9080{path}");
        try
        {
            return (await endpoint.SendAsync(request, CancellationToken.None).WaitAsync(Patience)).Content;
        }
        finally
        {
            if (path == "/")
            {
                endpoint.Release();
            }
        }
    }

    private async Task CutAsync(Task reading)
    {
        _time.Advance(LiveUpstreams.Grace + TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(Patience));
        Assert.IsNotType<TimeoutException>(reading.Exception?.InnerException);
    }
}
