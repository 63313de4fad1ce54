using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;

namespace ProxylessMesh.Server.Tests.Listening;

public sealed class TrafficTests
{
    private const int Big = 24 * 1024 * 1024;

    public static TheoryData<string, bool> Connections => new() { { "1.1", false }, { "2.0", false }, { "1.1", true }, { "2.0", true } };

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task Big_uploads_arrive_whole(string version, bool secure)
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        using var client = Client(app, mesh, version, secure);

        using var answer = await client.PostAsync("/length", new ByteArrayContent(new byte[Big]));

        Assert.Equal(Big.ToString(System.Globalization.CultureInfo.InvariantCulture), await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task Responses_stream(string version, bool secure)
    {
        var mesh = new ScriptedMesh();
        var firstSeen = new TaskCompletionSource();
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.MapGet("/stream", async (HttpContext c) =>
        {
            await c.Response.WriteAsync("first ");
            await c.Response.Body.FlushAsync();
            await firstSeen.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await c.Response.WriteAsync("second");
        }));
        using var client = Client(app, mesh, version, secure);

        using var answer = await client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var buffer = new char[6];
        await reader.ReadBlockAsync(buffer);
        firstSeen.SetResult();

        Assert.Equal("first second", new string(buffer) + await reader.ReadToEndAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WebSockets_pass(bool secure)
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh, map: a =>
        {
            a.UseWebSockets();
            a.MapGet("/echo", async (HttpContext c) =>
            {
                using var socket = await c.WebSockets.AcceptWebSocketAsync();
                var received = new byte[100];
                var message = await socket.ReceiveAsync(received, default);
                await socket.SendAsync(received.AsMemory(0, message.Count), WebSocketMessageType.Text, true, default);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
            });
        });
        using var client = Client(app, mesh, "1.1", secure);
        using var socket = new ClientWebSocket();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{app.EndPoint.Port}/echo"), client, patience.Token);
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, patience.Token);
        var echo = new byte[100];
        var answer = await socket.ReceiveAsync(echo, patience.Token);

        Assert.Equal("hello", Encoding.UTF8.GetString(echo, 0, answer.Count));
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2-prior-knowledge")]
    public async Task An_ordinary_client_is_served_while_permissive_and_cut_off_while_strict(string version)
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);

        Assert.StartsWith("plaintext", await GetAsync(app, version), StringComparison.Ordinal);
        mesh.Push(Listeners.Strict);
        Assert.Equal("", await GetAsync(app, version));
    }

    private static HttpClient Client(MeshApp app, ScriptedMesh mesh, string version, bool secure) => secure
        ? Callers.Secure(app, new Version(version), mesh.Authority.IssueFor("productpage"))
        : Callers.Plaintext(app, new Version(version));

    // By curl, as an operator would try it; by HttpClient where there is none. Empty when there is no answer.
    private static async Task<string> GetAsync(MeshApp app, string version)
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(d => File.Exists(Path.Combine(d, "curl")));
        if (!onPath)
        {
            using var client = Callers.Plaintext(app, version == "--http1.1" ? HttpVersion.Version11 : HttpVersion.Version20);
            try
            {
                return await client.GetStringAsync("/whoami");
            }
            catch (HttpRequestException)
            {
                return "";
            }
        }

        var start = new ProcessStartInfo("curl", ["-s", "--max-time", "20", "--noproxy", "*", version, app.Address + "/whoami"]) { RedirectStandardOutput = true };
        using var curl = Process.Start(start)!;
        var output = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return output;
    }
}
