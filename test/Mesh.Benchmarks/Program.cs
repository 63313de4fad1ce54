using ProxylessMesh.Benchmarks.Endpoints;
using ProxylessMesh.Benchmarks.Authorization;
using ProxylessMesh.Benchmarks.Handler;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Benchmarks.Issue;
using ProxylessMesh.Benchmarks.Jwt;
using ProxylessMesh.Benchmarks.Loopback;
using ProxylessMesh.Benchmarks.Memory;
using ProxylessMesh.Benchmarks.Pick;
using ProxylessMesh.Benchmarks.Routes;
using ProxylessMesh.Benchmarks.Scale;
using ProxylessMesh.Benchmarks.Scale.Swarm;
using ProxylessMesh.Benchmarks.Sidecar;
using ProxylessMesh.Benchmarks.Soak;

IBenchmark[] benchmarks =
[
    new HandlerBenchmark(),
    new PickBenchmark(),
    new RoutesBenchmark(),
    new EndpointsBenchmark(),
    new IssueBenchmark(),
    new AuthorizationBenchmark(),
    new JwtBenchmark(),
    new LoopbackBenchmark(),
    new MemoryBenchmark(),
    new SidecarBenchmark(),
];
switch (args)
{
    case [UpstreamProcess.Argument, var certificates]:
        await UpstreamProcess.ServeAsync(certificates);
        return 0;
    case [SidecarProcess.Argument, var app, var certificates]:
        await SidecarProcess.ServeAsync(app, certificates);
        return 0;
    case [MemoryApp.Argument, var called, var controlPlane]:
        await MemoryApp.ServeAsync(new Uri(called), controlPlane);
        return 0;
    case [SwarmProcess.Argument]:
        await SwarmProcess.ServeAsync();
        return 0;
    case [ScaleCommand.Name, .. var arguments]:
        return await ScaleCommand.RunAsync(arguments, Console.Out);
    case [SoakCommand.Name, .. var arguments]:
        return await SoakCommand.RunAsync(arguments, Console.Out);
    case ["--list"]:
        foreach (var benchmark in benchmarks)
        {
            Console.WriteLine($"{benchmark.Name,-12} {benchmark.Description}");
        }

        return 0;
    case [var name] when benchmarks.FirstOrDefault(b => b.Name == name) is { } chosen:
        foreach (var verdict in await chosen.RunAsync(Console.Out))
        {
            Console.WriteLine(verdict);
        }

        return 0;
    default:
        Console.Error.WriteLine("usage: dotnet run -c Release --project test/Mesh.Benchmarks -- (--list | NAME)");
        Console.Error.WriteLine($"       ... -- {SoakOptions.Usage}");
        Console.Error.WriteLine($"       ... -- {ScaleOptions.Usage}");
        return 64;
}
