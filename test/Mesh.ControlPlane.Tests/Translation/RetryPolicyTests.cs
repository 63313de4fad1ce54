using Envoy.Extensions.Retry.Priority.PreviousPriorities.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Translation.Routes;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

public class RetryPolicyTests
{
    [Fact]
    public void The_default_is_Istios()
    {
        var policy = RetryPolicyBuilder.Build(ProxyProfile.Mesh, retries: null)!;

        Assert.Equal("connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes", policy.RetryOn);
        Assert.Equal(2u, policy.NumRetries);
        Assert.Equal(5, policy.HostSelectionRetryMaxAttempts);
        Assert.Equal("envoy.retry_host_predicates.previous_hosts", Assert.Single(policy.RetryHostPredicate).Name);
        Assert.Empty(policy.RetriableStatusCodes);
        Assert.Null(policy.PerTryTimeout);
        Assert.Null(policy.RetryBackOff);
    }

    [Theory]
    [InlineData(ProxyProfile.Mesh)]
    [InlineData(ProxyProfile.Grpc)]
    public void No_attempts_are_no_retries(object profile) =>
        Assert.Null(RetryPolicyBuilder.Build((ProxyProfile)profile, Mesh.Retry(0, "5xx")));

    [Theory]
    [InlineData("", "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes", "")]
    [InlineData("5xx", "5xx", "")]
    [InlineData("503", "retriable-status-codes", "503")]
    [InlineData("reset, 503,429 ,503", "reset,retriable-status-codes", "429,503")]
    [InlineData("503,retriable-status-codes", "retriable-status-codes", "503")]
    public void Numbers_in_retry_on_are_status_codes(string retryOn, string conditions, string codes)
    {
        var policy = RetryPolicyBuilder.Build(ProxyProfile.Mesh, Mesh.Retry(3, retryOn))!;

        Assert.Equal(3u, policy.NumRetries);
        Assert.Equal((conditions, codes), (policy.RetryOn, string.Join(',', policy.RetriableStatusCodes)));
    }

    [Fact]
    public void Everything_said_is_sent()
    {
        var policy = RetryPolicyBuilder.Build(
            ProxyProfile.Mesh, Mesh.Retry(3, "5xx", TimeSpan.FromSeconds(2), avoidPrevious: false, TimeSpan.FromMilliseconds(40)))!;

        Assert.Equal(new Duration { Seconds = 2 }, policy.PerTryTimeout);
        Assert.Equal(new Duration { Nanos = 40_000_000 }, policy.RetryBackOff.BaseInterval);
        Assert.Empty(policy.RetryHostPredicate);
        Assert.Equal(0, policy.HostSelectionRetryMaxAttempts);
    }

    [Fact]
    public void Remote_localities_are_Envoys_previous_priorities()
    {
        var policy = RetryPolicyBuilder.Build(ProxyProfile.Mesh, Mesh.Retry(3) with { RemoteLocalities = true })!;

        Assert.Equal("envoy.retry_priorities.previous_priorities", policy.RetryPriority.Name);
        Assert.Equal(2, policy.RetryPriority.TypedConfig.Unpack<PreviousPrioritiesConfig>().UpdateFrequency);
        Assert.Null(RetryPolicyBuilder.Build(ProxyProfile.Grpc, Mesh.Retry(3) with { RemoteLocalities = true })!.RetryPriority);
    }

    [Fact]
    public void Grpc_gets_only_the_conditions_it_knows()
    {
        var policy = RetryPolicyBuilder.Build(ProxyProfile.Grpc, retries: null)!;

        Assert.Equal("unavailable,cancelled", policy.RetryOn);
        Assert.Empty(policy.RetryHostPredicate);
        Assert.Null(RetryPolicyBuilder.Build(ProxyProfile.Grpc, Mesh.Retry(3, "5xx,503", TimeSpan.FromSeconds(1))));
    }
}
