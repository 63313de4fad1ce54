using System.Net;
using System.Net.Sockets;
using ProxylessMesh.Client.Connections;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Client.Tests.Connections;

public sealed class HappyEyeballsTests
{
    [Theory]
    [InlineData("10.0.0.1,10.0.0.2,fd00::1,fd00::2,fd00::3", "10.0.0.1,fd00::1,10.0.0.2,fd00::2,fd00::3")]
    [InlineData("fd00::1,10.0.0.1,10.0.0.2", "fd00::1,10.0.0.1,10.0.0.2")]
    public void FamiliesAlternate(string addresses, string expected) => Assert.Equal(
        expected, string.Join(',', HappyEyeballs.Alternate([.. addresses.Split(',').Select(a => new IPEndPoint(IPAddress.Parse(a), 80))]).Select(a => a.Address)));

    [Fact]
    public async Task AddressThatRefusesIsPassedOverAtOnce()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var good = (IPEndPoint)listener.LocalEndpoint;

        // Nobody moves the clock: only the refusal can lead on.
        using var socket = await ConnectAsync(new FakeTime(), await RefusingAsync(), good);

        Assert.Equal(good.Port, ((IPEndPoint)socket.RemoteEndPoint!).Port);
    }

    [Fact]
    public async Task SilentAddressDelaysByAQuarterOfASecondOnly()
    {
        using var full = new TcpListener(IPAddress.Loopback, 0);
        full.Start(1);
        var silent = (IPEndPoint)full.LocalEndpoint;
        using var waiting = new Crowd(silent);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var good = (IPEndPoint)listener.LocalEndpoint;
        var time = new FakeTime();
        var connecting = ConnectAsync(time, silent, good);
        await time.WhenArmedAsync(1);
        Assert.False(connecting.IsCompleted);

        time.Advance(HappyEyeballs.Delay);

        using var socket = await connecting;
        Assert.Equal(good.Port, ((IPEndPoint)socket.RemoteEndPoint!).Port);
    }

    [Fact]
    public async Task WhenAllRefuseTheLastReasonIsThrown()
    {
        var (one, two) = (await RefusingAsync(), await RefusingAsync());

        var error = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(new FakeTime(), one, two));

        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    private static Task<Socket> ConnectAsync(TimeProvider time, params IPEndPoint[] addresses) =>
        HappyEyeballs.ConnectAsync(addresses, () => new Socket(SocketType.Stream, ProtocolType.Tcp), time, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

    private static Task<IPEndPoint> RefusingAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return Task.FromResult((IPEndPoint)listener.LocalEndpoint);
    }

    /// <summary>Fills the backlog of a listener that accepts nobody, so that further connections get no answer.</summary>
    private sealed class Crowd : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        public Crowd(IPEndPoint address)
        {
            for (var i = 0; i < 8; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                _ = socket.ConnectAsync(address);
                _sockets.Add(socket);
            }
        }

        public void Dispose() => _sockets.ForEach(s => s.Dispose());
    }
}
