namespace Bookinfo.Roles;

/// <summary>What readers say. v1 has no stars, v2 black ones and v3 red ones, which it gets from ratings.</summary>
internal static class Reviews
{
    public static int Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddMesh();
        builder.Services.AddHttpClient("ratings", c => c.BaseAddress = new Uri("http://ratings:9080"));
        var workload = builder.Configuration["Mesh:Workload:Name"] ?? "reviews";
        var version = builder.Configuration["Mesh:Workload:Labels:version"] ?? "v1";
        var starColour = version switch { "v2" => "black", "v3" => "red", _ => null };

        var app = builder.Build();
        app.MapGet("/reviews/{id:int}", async (int id, HttpContext context, IHttpClientFactory clients) =>
        {
            var ratings = starColour is null
                ? null
                : await clients.CreateClient("ratings").FetchAsync<BookRatings>($"/ratings/{id}", context.RequestAborted);
            return new BookReviews(id, version, workload, context.Caller(), starColour, WithStars(ratings?.Content), ratings?.Content?.CalledBy, ratings?.Error);
        });
        app.Run();
        return 0;
    }

    private static Review[] WithStars(BookRatings? ratings) =>
    [
        new("Reviewer1", "An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!", Stars(ratings, "Reviewer1")),
        new("Reviewer2", "Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare.", Stars(ratings, "Reviewer2")),
    ];

    private static int? Stars(BookRatings? ratings, string reviewer) =>
        ratings is not null && ratings.Stars.TryGetValue(reviewer, out var stars) ? stars : null;
}
