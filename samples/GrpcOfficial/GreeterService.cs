using Grpc.Core;

namespace GrpcOfficial;

/// <summary>An ordinary service of Grpc.AspNetCore; it asks the mesh only who is calling.</summary>
internal sealed class GreeterService : Greeter.GreeterBase
{
    public override Task<GreetReply> Greet(GreetRequest request, ServerCallContext context) => Task.FromResult(Reply(request, context));

    public override async Task GreetAll(
        IAsyncStreamReader<GreetRequest> requestStream, IServerStreamWriter<GreetReply> responseStream, ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(Reply(request, context), context.CancellationToken);
        }
    }

    private static GreetReply Reply(GreetRequest request, ServerCallContext context) => new()
    {
        Text = $"Hello {request.Name}",
        Server = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Caller = context.GetHttpContext().GetMeshPeer()?.Id.ToString() ?? "plaintext",
    };
}
