using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>A gRPC service with a method of each kind.</summary>
internal sealed class Greeter
{
    private const int MaxMessage = 16 * 1024 * 1024;

    private int _calls;

    /// <summary>How many calls of the method Status were begun.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Status fails so many calls with the status that it was asked for, then answers.</summary>
    public int Failures { get; set; } = int.MaxValue;

    /// <summary>The deadline that the last call of Hang brought along.</summary>
    public string? Timeout { get; private set; }

    /// <summary>Completes when a call of Hang has begun.</summary>
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the server learns that nobody waits for Hang any more.</summary>
    public TaskCompletionSource Abandoned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Map(WebApplication app)
    {
        app.MapGrpcUnary(MeshGrpc.Unary, (request, _, _) => Task.FromResult(request), MaxMessage);
        app.MapGrpcUnary(MeshGrpc.Status, (request, _, _) => Interlocked.Increment(ref _calls) <= Failures
            ? throw new GrpcException((GrpcStatusCode)int.Parse(MeshGrpc.Text(request), System.Globalization.CultureInfo.InvariantCulture), "as asked: äöü 100%")
            : Task.FromResult(request));
        app.MapGrpcUnary(MeshGrpc.Hang, HangAsync);
        app.MapGrpcDuplex(MeshGrpc.Duplex, async (stream, token) =>
        {
            while (await stream.ReadAsync(token) is { } message)
            {
                await stream.WriteAsync(message, token);
            }
        });
        app.MapGrpcDuplex(MeshGrpc.ClientStream, async (stream, token) =>
        {
            var count = 0;
            while (await stream.ReadAsync(token) is not null)
            {
                count++;
            }

            await stream.WriteAsync(MeshGrpc.Message($"{count}"), token);
        });
        app.MapGrpcDuplex(MeshGrpc.ServerStream, async (stream, token) =>
        {
            var count = int.Parse(MeshGrpc.Text(await stream.ReadAsync(token)), System.Globalization.CultureInfo.InvariantCulture);
            for (var i = 0; i < count; i++)
            {
                await stream.WriteAsync(MeshGrpc.Message($"{i}"), token);
            }

            throw new GrpcException(GrpcStatusCode.DataLoss, "that is all");
        });
    }

    private async Task<BytesValue> HangAsync(BytesValue request, Microsoft.AspNetCore.Http.HttpContext context, CancellationToken cancellationToken)
    {
        Timeout = context.Request.Headers[GrpcTimeout.Header];
        context.RequestAborted.Register(() => Abandoned.TrySetResult());
        Hanging.TrySetResult();
        await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return request;
    }
}
