namespace Bookinfo.Roles;

/// <summary>Reads a part of a page from the service that has it.</summary>
internal static class SectionHttpClientExtensions
{
    public static async Task<Section<T>> FetchAsync<T>(this HttpClient client, string path, CancellationToken cancellationToken) where T : class
    {
        try
        {
            using var response = await client.GetAsync(path, cancellationToken);
            return response.IsSuccessStatusCode
                ? new Section<T>(await response.Content.ReadFromJsonAsync<T>(cancellationToken), null)
                : new Section<T>(null, $"{client.BaseAddress}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
        catch (HttpRequestException e)
        {
            return new Section<T>(null, $"{client.BaseAddress}: {e.Message}");
        }
    }
}
