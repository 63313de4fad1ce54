using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>The app in the middle of a chain: an ordinary call of an ordinary HttpClient.</summary>
internal static class Relay
{
    /// <summary>Maps <c>/relay</c> to a call of the URL, whose answer it gives.</summary>
    public static Action<WebApplication> To(string url) => app => app.MapGet(
        "/relay",
        async (IHttpClientFactory clients, CancellationToken cancellationToken) =>
        {
            using var client = clients.CreateClient();
            using var response = await client.GetAsync(new Uri(url), cancellationToken);
            return Results.Text(
                await response.Content.ReadAsStringAsync(cancellationToken), response.Content.Headers.ContentType?.ToString(), statusCode: (int)response.StatusCode);
        });
}
