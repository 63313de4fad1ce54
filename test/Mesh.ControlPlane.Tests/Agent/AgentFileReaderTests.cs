using ProxylessMesh.ControlPlane.Agent;
using ProxylessMesh.ControlPlane.Agent.Health;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Tests.Agent;

public sealed class AgentFileReaderTests
{
    [Fact]
    public void Every_setting_is_read()
    {
        var settings = AgentFileReader.Read(
            "agent.yaml",
            """
            controlPlane: https://mesh.example.com:15012
            rootCertificate: /etc/mesh/root-cert.pem
            token: /etc/mesh/token
            state: /run/reviews
            workload:
              name: reviews-v1
              namespace: shop
              serviceAccount: reviews
              address: 10.0.0.7
              labels: { app: reviews }
              ports: { grpc: 9080 }
              locality: eu/eu-1/a
              mutualTls: true
            health: { check: "grpc://:9080/reviews", interval: 7s, timeout: 1s, failureThreshold: 2 }
            drain: 0s
            stopTimeout: 1m
            command: [ python3, server.py ]
            """,
            out var problems);

        var options = settings.Over(new AgentSettings());

        Assert.Empty(problems);
        Assert.Equal(("https://mesh.example.com:15012/", "/etc/mesh/root-cert.pem", "/etc/mesh/token", "/run/reviews"), (options.ControlPlane.ToString(), options.RootCertificateFile, options.TokenFile, options.StateDirectory));
        Assert.Equal(("reviews-v1", "shop", "reviews", "10.0.0.7", true), (options.Workload.Name, options.Workload.Namespace, options.Workload.ServiceAccount, options.Workload.Address, options.Workload.MutualTls));
        Assert.Equal("reviews", options.Workload.Labels.Find("app"));
        Assert.Equal([new("grpc", 9080)], options.Workload.Ports);
        Assert.Equal("eu", options.Workload.Locality.Region);
        Assert.Equal(new HealthTarget(HealthCheckKind.Grpc, 9080, "reviews"), options.HealthCheck);
        Assert.Equal((7, 1, 2), (options.HealthTiming.Interval.Seconds, options.HealthTiming.Timeout.Seconds, options.HealthTiming.FailureThreshold));
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromMinutes(1)), (options.DrainDelay, options.StopTimeout));
        Assert.Equal(["python3", "server.py"], options.Command);
    }

    [Theory]
    [InlineData("workload: { nam: a }", ProblemCodes.UnknownField, "did you mean name?")]
    [InlineData("workload: { ports: { grpc: 70000 } }", ProblemCodes.InvalidValue, "between 1 and 65535")]
    [InlineData("workload: { address: reviews.example.com }", ProblemCodes.InvalidValue, "is not an IP address")]
    [InlineData("controlPlane: mesh.example.com", ProblemCodes.InvalidValue, "https://mesh.example.com:15012")]
    [InlineData("health: { check: 9080 }", ProblemCodes.WrongType, "must be text")]
    [InlineData("health: { check: 'ftp://:21' }", ProblemCodes.InvalidValue, "tcp://:9080")]
    [InlineData("drain: soon", ProblemCodes.WrongType, "a duration")]
    [InlineData("- a list", ProblemCodes.NotAnObject, "one map")]
    [InlineData("a: [", ProblemCodes.Syntax, "agent.yaml:2")]
    public void A_mistake_is_shown_with_its_place(string text, string code, string part)
    {
        AgentFileReader.Read("agent.yaml", text, out var problems);

        var problem = Assert.Single(problems);
        Assert.Equal(code, problem.Code);
        Assert.Contains(part, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_wins_over_the_file()
    {
        var options = new AgentSettings { Name = "given", Ports = [new("http", 80)] }.Over(new AgentSettings { Name = "file", Namespace = "shop", Ports = [new("grpc", 1)] });

        Assert.Equal(("given", "shop", "default"), (options.Workload.Name, options.Workload.Namespace, options.Workload.ServiceAccount));
        Assert.Equal([new("http", 80)], options.Workload.Ports);
    }
}
