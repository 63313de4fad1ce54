using System.IO.Pipelines;
using Envoy.Service.Discovery.V3;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Tests.Grpc;

public sealed class GrpcServerStreamTests
{
    [Fact]
    public async Task A_stream_that_its_caller_breaks_off_is_cancelled_and_no_failure_of_the_handler()
    {
        var body = new Pipe();
        var context = new DefaultHttpContext();
        context.Request.Body = body.Reader.AsStream();
        var stream = new GrpcServerStream<DiscoveryRequest, DiscoveryResponse>(context, DiscoveryRequest.Parser, 1000);
        var reading = stream.ReadAsync(CancellationToken.None);

        await body.Writer.CompleteAsync(new IOException("The client reset the request stream."));

        Assert.Equal(GrpcStatusCode.Cancelled, (await Assert.ThrowsAsync<GrpcException>(() => reading)).Status);
    }
}
