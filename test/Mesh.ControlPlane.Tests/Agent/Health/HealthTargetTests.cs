using ProxylessMesh.ControlPlane.Agent.Health;

namespace ProxylessMesh.ControlPlane.Tests.Agent.Health;

public sealed class HealthTargetTests
{
    [Theory]
    [InlineData("tcp://:9080", HealthCheckKind.Tcp, 9080, "")]
    [InlineData("http://:8080/ready?full=1", HealthCheckKind.Http, 8080, "/ready?full=1")]
    [InlineData("http://:8080", HealthCheckKind.Http, 8080, "/")]
    [InlineData("grpc://:9080", HealthCheckKind.Grpc, 9080, "")]
    [InlineData("grpc://:9080/shop.Reviews", HealthCheckKind.Grpc, 9080, "shop.Reviews")]
    public void Each_form_is_read(string text, object kind, int port, string path)
    {
        Assert.True(HealthTarget.TryParse(text, out var target));
        Assert.Equal(new HealthTarget((HealthCheckKind)kind, port, path), target);
    }

    [Theory]
    [InlineData("")]
    [InlineData("9080")]
    [InlineData("tcp://host:9080")]
    [InlineData("tcp://:0")]
    [InlineData("tcp://:65536")]
    [InlineData("tcp://:9080/path")]
    [InlineData("http://:8080/a b")]
    [InlineData("http://:+80/")]
    [InlineData("udp://:53")]
    public void Anything_else_is_refused(string text) => Assert.False(HealthTarget.TryParse(text, out _));
}
