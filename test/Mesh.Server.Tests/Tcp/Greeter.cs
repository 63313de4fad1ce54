using System.Text;
using Microsoft.AspNetCore.Connections;

namespace ProxylessMesh.Server.Tests.Tcp;

/// <summary>A server that speaks first, and says who its caller is; then everything comes back.</summary>
internal sealed class Greeter : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        try
        {
            var peer = connection.Features.Get<IMeshPeerFeature>()?.Peer;
            await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes($"220 {peer?.Id.ToString() ?? "plaintext"}\n"));
            await connection.Transport.Input.CopyToAsync(connection.Transport.Output);
        }
        catch (Exception failure) when (failure is IOException or ConnectionAbortedException)
        {
            // The client is gone, or the mesh has ended it.
        }
    }
}
