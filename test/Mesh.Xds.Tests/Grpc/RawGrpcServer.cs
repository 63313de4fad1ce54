using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Xds.Tests.Grpc;

/// <summary>A Kestrel whose one handler writes gRPC, or what pretends to be gRPC, byte by byte.</summary>
internal sealed class RawGrpcServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RawGrpcServer(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    public Uri Address { get; }

    public static Task<RawGrpcServer> StartAsync(RequestDelegate handler) =>
        StartAsync(handler, kestrel => kestrel.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2), unixPath: null);

    public static Task<RawGrpcServer> StartUnixAsync(string path, RequestDelegate handler) =>
        StartAsync(handler, kestrel => kestrel.ListenUnixSocket(path, o => o.Protocols = HttpProtocols.Http2), path);

    public static Task<RawGrpcServer> StartTlsAsync(X509Certificate2 certificate, HttpProtocols protocols, RequestDelegate handler) =>
        StartAsync(
            handler,
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, o =>
            {
                o.Protocols = protocols;
                o.UseHttps(https =>
                {
                    https.ServerCertificate = certificate;
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                });
            }),
            unixPath: null);

    /// <summary>Begins a 200 of type application/grpc.</summary>
    public static Task BeginAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        return context.Response.Body.FlushAsync(context.RequestAborted);
    }

    public static byte[] Frame(IMessage message, byte flag = 0)
    {
        var payload = message.ToByteArray();
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static async Task SendAsync(HttpContext context, byte[] bytes)
    {
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    public static async Task<T?> ReceiveAsync<T>(HttpContext context, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var header = new byte[5];
        if (await context.Request.Body.ReadAtLeastAsync(header, 5, throwOnEndOfStream: false, context.RequestAborted) == 0)
        {
            return null;
        }

        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(payload, context.RequestAborted);
        return parser.ParseFrom(payload);
    }

    public static void EndWith(HttpContext context, string status, string? message = null)
    {
        context.Response.AppendTrailer("grpc-status", status);
        if (message is not null)
        {
            context.Response.AppendTrailer("grpc-message", message);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<RawGrpcServer> StartAsync(RequestDelegate handler, Action<KestrelServerOptions> listen, string? unixPath)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(listen);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddLogging();
        var app = builder.Build();
        app.Run(handler);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return new RawGrpcServer(app, unixPath is null ? new Uri(address) : new Uri($"unix://{unixPath}"));
    }
}
