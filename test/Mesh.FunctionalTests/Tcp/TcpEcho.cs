using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace ProxylessMesh.FunctionalTests.Tcp;

/// <summary>Istio's sample tcp-echo: each line comes back with "hello " before it. One that ends in "quit" is the last.</summary>
internal sealed class TcpEcho : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        try
        {
            while (await ReadLineAsync(connection) is { } line)
            {
                await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes($"hello {line}"));
                if (line.EndsWith("quit\n", StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or ConnectionAbortedException)
        {
            // The client is gone, or the mesh has ended it.
        }
    }

    private static async Task<string?> ReadLineAsync(ConnectionContext connection)
    {
        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync();
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                end = read.Buffer.GetPosition(1, end);
                var line = Encoding.ASCII.GetString(read.Buffer.Slice(0, end));
                connection.Transport.Input.AdvanceTo(end);
                return line;
            }

            connection.Transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }
}
