using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Server.Draining;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Server.Tests.Draining;

/// <summary>Callers are sent off the connections that they had when the app began to leave, and off no others.</summary>
public sealed class ConnectionDrainTests
{
    private const int GoOn = 0;

    [Fact]
    public async Task In_HTTP2_a_connection_from_before_hears_GOAWAY_with_its_next_request()
    {
        var time = new FakeTime();
        await using var app = await MeshApp.StartAsync(new ScriptedMesh { Time = time });
        await using var before = await OpenAsync(app);
        Assert.Equal((200, GoOn), await RequestAsync(before, 1));

        Drain(app, time);
        var status = await RequestAsync(before, 3);
        var last = status.LastStream != GoOn ? status.LastStream : await GoAwayAsync(before);

        Assert.Equal(200, status.Status);
        Assert.Equal(int.MaxValue, last);

        // Who has not read it yet is served still, and the connection ends only when nothing is left on it.
        Assert.Equal(200, (await RequestAsync(before, 5)).Status);
    }

    [Fact]
    public async Task In_HTTP2_who_comes_back_is_served_and_not_sent_away_again()
    {
        var time = new FakeTime();
        await using var app = await MeshApp.StartAsync(new ScriptedMesh { Time = time });
        Drain(app, time);
        await using var after = await OpenAsync(app);

        for (var stream = 1; stream < 20; stream += 2)
        {
            Assert.Equal((200, GoOn), await RequestAsync(after, stream));
        }
    }

    [Fact]
    public async Task In_HTTP1_every_answer_closes()
    {
        var time = new FakeTime();
        await using var app = await MeshApp.StartAsync(new ScriptedMesh { Time = time });
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        using (var kept = await client.GetAsync("/whoami"))
        {
            Assert.NotEqual(true, kept.Headers.ConnectionClose);
        }

        Drain(app, time);

        for (var i = 0; i < 3; i++)
        {
            using var answer = await client.GetAsync("/whoami");
            Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, answer.Headers.ConnectionClose));
        }
    }

    /// <summary>With time between what was accepted before and after.</summary>
    private static void Drain(MeshApp app, FakeTime time)
    {
        time.Advance(TimeSpan.FromMilliseconds(1));
        app.App.Services.GetRequiredService<ConnectionDrain>().Begin();
        time.Advance(TimeSpan.FromMilliseconds(1));
    }

    private static async Task<Http2Attack> OpenAsync(MeshApp app)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(app.EndPoint);
        var http = new Http2Attack(new NetworkStream(socket, ownsSocket: true));
        await http.OpenAsync();
        return http;
    }

    /// <summary>Status, and the last stream of a GOAWAY that came before the answer's end.</summary>
    private static async Task<(int Status, int LastStream)> RequestAsync(Http2Attack http, int stream)
    {
        http.AddRequest(stream, (":method", "GET"), (":scheme", "http"), (":authority", "reviews:9080"), (":path", "/whoami"));
        await http.FlushAsync();
        var (status, last) = (0, GoOn);
        while (await http.ReadAsync() is { } frame)
        {
            if (frame.Type == Http2Frame.GoAway)
            {
                last = LastStream(frame);
            }
            else if (frame.Stream == stream)
            {
                status = frame.Type == Http2Frame.Headers ? Http2Attack.Status(frame.Payload) : status;
                if (frame.EndsStream)
                {
                    break;
                }
            }
        }

        return (status, last);
    }

    private static async Task<int> GoAwayAsync(Http2Attack http)
    {
        while (await http.ReadAsync() is { } frame)
        {
            if (frame.Type == Http2Frame.GoAway)
            {
                return LastStream(frame);
            }
        }

        return GoOn;
    }

    private static int LastStream(Http2Frame frame) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
}
