using Bookinfo.Roles;

namespace Bookinfo.Launcher;

/// <summary>A visitor of productpage from outside the mesh, as a browser is one.</summary>
internal sealed class Visitor : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly HttpClient _client;

    public Visitor(Uri productPage) => _client = new HttpClient { BaseAddress = productPage, Timeout = s_patience };

    /// <param name="cancellationToken">Ends the visit.</param>
    /// <param name="user">Sent as header end-user when given.</param>
    public async Task<Visit> VisitAsync(CancellationToken cancellationToken, string? user = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/productpage");
        if (user is not null)
        {
            request.Headers.Add("end-user", user);
        }

        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            var view = await response.Content.ReadFromJsonAsync<ProductView>(cancellationToken);
            return view is { Reviews.Content: { } reviews } && view.FindError() is null
                ? new Visit(null, reviews.Version, reviews.Workload, reviews.CalledBy, reviews.RatingsCalledBy)
                : Visit.Failed(view?.FindError() ?? "an empty page");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Visit.Failed($"productpage: {e.Message}");
        }
    }

    public void Dispose() => _client.Dispose();
}
