namespace Bookinfo.Roles;

/// <summary>The front: one page from details and reviews, as HTML for people and as JSON for programs.</summary>
internal static class ProductPage
{
    public static int Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddMesh();
        builder.Services.AddHttpClient("details", c => c.BaseAddress = new Uri("http://details:9080"));
        builder.Services.AddHttpClient("reviews", c => c.BaseAddress = new Uri("http://reviews:9080"));

        var app = builder.Build();
        app.MapGet("/", () => TypedResults.Redirect("/productpage"));
        app.MapGet("/productpage", async (IHttpClientFactory clients, CancellationToken cancellationToken) =>
            TypedResults.Content(ProductPageHtml.Of(await LoadAsync(clients, cancellationToken)), "text/html; charset=utf-8"));
        app.MapGet("/api/v1/productpage", LoadAsync);
        app.Run();
        return 0;
    }

    private static async Task<ProductView> LoadAsync(IHttpClientFactory clients, CancellationToken cancellationToken)
    {
        var details = clients.CreateClient("details").FetchAsync<BookDetails>("/details/0", cancellationToken);
        var reviews = clients.CreateClient("reviews").FetchAsync<BookReviews>("/reviews/0", cancellationToken);
        return new ProductView("The Comedy of Errors", await details, await reviews);
    }
}
