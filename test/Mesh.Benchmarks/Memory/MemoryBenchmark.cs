using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.ControlPlane.Serving;

namespace ProxylessMesh.Benchmarks.Memory;

/// <summary>What a web app with <c>AddMesh()</c> and one called service weighs more than the same app without, after the same requests.</summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private const int RoundCount = 3;
    private const int Requests = 2000;
    private const int AtATime = 16;
    private const int BodySize = 1024;
    private const double Megabyte = 1024 * 1024;

    public string Name => "memory";

    public string Description => "a web app with the mesh against the same one without: bytes on the heap, and private to the process";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        await using var called = await StartCalledAsync();
        var address = new Uri(called.Urls.Single());
        var directory = Directory.CreateTempSubdirectory("mesh-memory-");
        try
        {
            var config = directory.CreateSubdirectory("config");
            await File.WriteAllTextAsync(Path.Combine(config.FullName, "called.yaml"), ServiceEntry(address.Port));
            var options = new ControlPlaneOptions
            {
                ConfigDirectory = config.FullName,
                DataDirectory = directory.CreateSubdirectory("data").FullName,
                XdsAddress = new IPEndPoint(IPAddress.Loopback, 0),
                SecureAddress = new IPEndPoint(IPAddress.Loopback, 0),
            };
            await using var plane = new ControlPlaneServer(options, TimeProvider.System, NullLoggerFactory.Instance);
            await plane.StartAsync(CancellationToken.None);
            return await CompareAsync(output, address, $"http://{plane.XdsEndPoint}");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Verdict>> CompareAsync(TextWriter output, Uri called, string controlPlane)
    {
        var (heap, own) = (new double[RoundCount], new double[RoundCount]);
        for (var round = 0; round < RoundCount; round++)
        {
            var bare = await WeighAsync(called, MemoryApp.NoMesh);
            var mesh = await WeighAsync(new Uri("http://called.test"), controlPlane);
            Print(output, "without", bare);
            Print(output, "with", mesh);
            heap[round] = (mesh.Heap - bare.Heap) / Megabyte;
            own[round] = (mesh.Private - bare.Private) / Megabyte;
        }

        return
        [
            new Verdict("memory-heap", Rounds.Median(heap), " MB", 5, AtLeast: false),
            new Verdict("memory-private", Rounds.Median(own), " MB", 5, AtLeast: false),
        ];
    }

    private static void Print(TextWriter output, string title, Weight weight) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{title,-8} heap {weight.Heap / Megabyte:0.00} MB; private {weight.Private / Megabyte:0.0} MB = objects {weight.Committed / Megabyte:0.0} + code and types {weight.Code / Megabyte:0.0} + images {weight.Images / Megabyte:0.0} + native {weight.Native / Megabyte:0.0}; {weight.Methods} methods compiled"));

    private static async Task<Weight> WeighAsync(Uri called, string controlPlane)
    {
        using var app = ChildProcess.Start(MemoryApp.Argument, called.ToString(), controlPlane);
        var address = new Uri(app.ReadLine());
        using var client = new HttpClient();
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async _ =>
        {
            for (var i = 0; i < Requests / AtATime; i++)
            {
                var body = await client.GetByteArrayAsync(address);
                if (body.Length != BodySize)
                {
                    throw new InvalidOperationException("The app did not reach the service that it calls.");
                }
            }
        }));
        app.WriteLine("weigh");
        return Weight.Parse(app.ReadLine());
    }

    private static async Task<WebApplication> StartCalledAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var body = new byte[BodySize];
        app.Run(context => context.Response.Body.WriteAsync(body).AsTask());
        await app.StartAsync();
        return app;
    }

    private static string ServiceEntry(int port) => $$"""
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: called, namespace: default}
        spec:
          hosts: [called.test]
          location: MESH_EXTERNAL
          resolution: STATIC
          ports: [{number: 80, name: http, protocol: HTTP, targetPort: {{port}}}]
          endpoints: [{address: 127.0.0.1}]
        """;
}
