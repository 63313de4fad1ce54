using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>A foreign program that listens on a port; killed with this object.</summary>
internal sealed class ForeignServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private ForeignServer(Process process, int port)
    {
        _process = process;
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>What it wrote so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>An nginx in one process.</summary>
    /// <param name="mesh">Whose folder holds its files.</param>
    /// <param name="http">What stands in its block http, given the port to listen on.</param>
    public static Task<ForeignServer> NginxAsync(MeshEnvironment mesh, Func<int, string> http)
    {
        var port = FreePort.Next();
        var directory = Directory.CreateDirectory(mesh.PathOf($"nginx-{port}")).FullName;
        var file = Path.Combine(directory, "nginx.conf");
        File.WriteAllText(file, $$"""
            daemon off;
            master_process off;
            pid {{directory}}/pid;
            error_log stderr info;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path {{directory}}; proxy_temp_path {{directory}}; fastcgi_temp_path {{directory}}; uwsgi_temp_path {{directory}}; scgi_temp_path {{directory}};
              {{http(port)}}
            }
            """);
        return StartAsync("nginx", port, "-p", directory, "-c", file);
    }

    /// <summary>A program that will listen on the port.</summary>
    public static async Task<ForeignServer> StartAsync(string tool, int port, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(ToolPresence.Find(tool) ?? tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var server = new ForeignServer(process, port);
        try
        {
            await Poll.UntilAsync(server.ListensAsync, () => $"{tool} does not listen: {server.Said}");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<bool> ListensAsync()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(EndPoint);
            return true;
        }
        catch (SocketException)
        {
            return _process.HasExited ? throw new InvalidOperationException($"It has ended: {Said}") : false;
        }
    }

    private void Note(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }
}
