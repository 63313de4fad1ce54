using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ProxylessMesh.Interop.Tests.Fixture;

/// <summary>Unary gRPC with messages of bytes, by hand on both sides: nothing of ours but the mesh is between the two (PROTOCOL-HTTP2.md).</summary>
internal static class BytesGrpc
{
    private const string ContentType = "application/grpc";

    /// <summary>Every method of test.Greeter.</summary>
    public static void Map(WebApplication app, Func<HttpContext, string, string> answer) => app.MapPost("/test.Greeter/{method}", async (HttpContext context) =>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var reply = Frame(answer(context, Encoding.UTF8.GetString(body.ToArray().AsSpan(5))));
        context.Response.ContentType = ContentType;
        await context.Response.Body.WriteAsync(reply);
        context.Response.AppendTrailer("grpc-status", "0");
    });

    /// <returns>The status (0 = OK) and the message.</returns>
    public static async Task<(string Status, string Message)> CallAsync(HttpClient http, string service, string method, string message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{service}/test.Greeter/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Frame(message)) { Headers = { ContentType = new MediaTypeHeaderValue(ContentType) } },
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var status = response.TrailingHeaders.TryGetValues("grpc-status", out var values) || response.Headers.TryGetValues("grpc-status", out values) ? values.Single() : $"HTTP {(int)response.StatusCode}";
        return (status, body.Length < 5 ? "" : Encoding.UTF8.GetString(body.AsSpan(5)));
    }

    private static byte[] Frame(string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        var frame = new byte[5 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, 5);
        return frame;
    }
}
