using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>A console app or worker that calls others: a host with <c>AddMesh()</c> and IHttpClientFactory.</summary>
internal sealed class MeshClient : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly MeshRuntime _mesh;

    private MeshClient(IHost host, CollectedLogs logs)
    {
        _host = host;
        _mesh = host.Services.GetRequiredService<MeshRuntime>();
        Logs = logs;
        Http = Named("default");
        Http.Timeout = Poll.Patience;
    }

    public CollectedLogs Logs { get; }

    public HttpClient Http { get; }

    public static async Task<MeshClient> StartAsync(Action<MeshOptions> configure, Action<IServiceCollection>? services = null)
    {
        var logs = new CollectedLogs();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "client" });
        builder.Logging.AddProvider(logs);
        builder.AddMesh(configure);
        services?.Invoke(builder.Services);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }

        return new MeshClient(host, logs);
    }

    public HttpClient Named(string name) => _host.Services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    /// <summary>Certificate and roots of the moment.</summary>
    public IdentityState Identity => ((MeshRuntime)Mesh).Identity!.Current!;

    /// <summary>What its calls hold now.</summary>
    public HeldResources Held => _mesh.Held;

    /// <summary>In which it asks.</summary>
    public Version Version { get; set; } = new(1, 1);

    public IMesh Mesh => _host.Services.GetRequiredService<IMesh>();

    /// <param name="url">As an app writes it.</param>
    /// <param name="headers">Name and value.</param>
    public Task<HttpResponseMessage> GetAsync(string url, params (string Name, string Value)[] headers) => Http.SendAsync(Request(url, headers));

    /// <exception cref="HttpRequestException">The answer is not 200; the message holds its text.</exception>
    public async Task<Answer> AskAsync(string url, params (string Name, string Value)[] headers)
    {
        using var response = await GetAsync(url, headers);
        return await ReadAsync(response);
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => response.IsSuccessStatusCode
        ? (await response.Content.ReadFromJsonAsync<Answer>())!
        : throw new HttpRequestException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");

    /// <summary>Asks until the answer is as expected: configuration and registrations arrive when they arrive.</summary>
    public async Task<Answer> UntilAsync(string url, Predicate<Answer> expected, params (string Name, string Value)[] headers)
    {
        Answer? answer = null;
        var last = "";
        await Poll.UntilAsync(
            async () =>
            {
                try
                {
                    answer = await AskAsync(url, headers);
                    last = $"{answer}";
                    return expected(answer);
                }
                catch (HttpRequestException e)
                {
                    last = e.Message;
                    return false;
                }
            },
            () => $"{url} answers {last}");
        return answer!;
    }

    /// <summary>Asks until each of these has answered.</summary>
    public async Task UntilAllAnswerAsync(string url, params string[] workloads)
    {
        var missing = workloads.ToHashSet();
        await UntilAsync(url, answer => missing.Remove(answer.Workload) && missing.Count == 0);
    }

    /// <summary>Asks until the status is as expected, and returns the whole response.</summary>
    public async Task<HttpResponseMessage> UntilAsync(string url, int status)
    {
        HttpResponseMessage? response = null;
        var last = "";
        await Poll.UntilAsync(
            async () =>
            {
                response?.Dispose();
                response = null;
                try
                {
                    response = await GetAsync(url);
                    last = $"{response.StatusCode}";
                }
                catch (HttpRequestException e)
                {
                    last = e.Message;
                }

                return response is not null && (int)response.StatusCode == status;
            },
            () => $"{url} answers {last}");
        return response!;
    }

    /// <summary>Calls so often and counts who answered.</summary>
    public async Task<Dictionary<string, int>> CountAsync(string url, int calls)
    {
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < calls; i++)
        {
            var answer = await AskAsync(url);
            counts[answer.Workload] = counts.GetValueOrDefault(answer.Workload) + 1;
        }

        return counts;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await LeakCheck.NothingIsHeldAsync(_mesh, "the client");
        }
        finally
        {
            Http.Dispose();
            await _host.StopAsync();
            await ((IAsyncDisposable)_host).DisposeAsync();
        }

        await LeakCheck.NothingIsOpenAsync(_mesh, "the client");
    }

    private HttpRequestMessage Request(string url, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = Version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
