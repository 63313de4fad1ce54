using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Benchmarks.Memory;

/// <summary>
/// A small web app in a process of its own that calls another service for each of its requests: through the mesh, or without a trace of
/// it. Prints its address, and what it weighs for each line that it reads.
/// </summary>
internal static class MemoryApp
{
    public const string Argument = "--memory-app";

    /// <summary>In the place of a control plane.</summary>
    public const string NoMesh = "none";

    public static async Task ServeAsync(Uri called, string controlPlane)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpClient("called", client => client.BaseAddress = called);
        if (controlPlane != NoMesh)
        {
            builder.AddMesh(options =>
            {
                options.ControlPlane = new Uri(controlPlane);
                options.DrainDelay = TimeSpan.Zero;
            });
        }

        await using var app = builder.Build();
        app.MapGet("/", async (IHttpClientFactory clients, HttpContext context) =>
        {
            using var client = clients.CreateClient("called");
            using var response = await client.GetAsync("/", context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(Weight.OfThisProcess());
        }

        await app.StopAsync();
    }
}
