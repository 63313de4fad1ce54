// dotnet run -- server      a workload with a gRPC service
// dotnet run -- client      calls it twice: by a client of the factory, and by a channel that is made by hand
using Grpc.Core;
using Grpc.Net.Client;
using GrpcOfficial;
using ProxylessMesh.Client;

switch (args)
{
    case ["server", ..]:
        await ServeAsync(args[1..]);
        return 0;
    case ["client", ..]:
        await CallAsync(args[1..]);
        return 0;
    default:
        Console.Error.WriteLine("usage: dotnet run -- (server | client)");
        return 64;
}

static async Task ServeAsync(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddMesh();
    builder.Services.AddGrpc();
    var app = builder.Build();
    app.MapGrpcService<GreeterService>();
    await app.RunAsync();
}

static async Task CallAsync(string[] args)
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.AddMesh();
    builder.Services.AddGrpcClient<Greeter.GreeterClient>(o => o.Address = new Uri("http://greeter:9080")).AddMesh();
    using var host = builder.Build();
    await host.StartAsync();

    // 1. The factory's client. Retries, balancing and mutual TLS are the mesh's.
    var greeter = host.Services.GetRequiredService<Greeter.GreeterClient>();
    var reply = await greeter.GreetAsync(new GreetRequest { Name = "factory" }, deadline: DateTime.UtcNow.AddSeconds(5));
    Console.WriteLine($"{reply.Text} from {reply.Server}, called by {reply.Caller}");

    // 2. A channel over a handler of the mesh, with a stream in both directions.
    using var channel = GrpcChannel.ForAddress(
        "http://greeter:9080",
        new GrpcChannelOptions { HttpHandler = host.Services.GetRequiredService<IMesh>().CreateHandler(), DisposeHttpClient = true });
    using var call = new Greeter.GreeterClient(channel).GreetAll(deadline: DateTime.UtcNow.AddSeconds(5));
    foreach (var name in new[] { "channel", "stream" })
    {
        await call.RequestStream.WriteAsync(new GreetRequest { Name = name });
        await call.ResponseStream.MoveNext();
        Console.WriteLine($"{call.ResponseStream.Current.Text} from {call.ResponseStream.Current.Server}");
    }

    await call.RequestStream.CompleteAsync();
    await host.StopAsync();
}
