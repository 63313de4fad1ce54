namespace Bookinfo.Roles;

/// <summary>How many stars each reviewer gave.</summary>
internal static class Ratings
{
    public static int Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddMesh();

        var app = builder.Build();
        app.MapGet("/ratings/{id:int}", (int id, HttpContext context) => new BookRatings(
            id, new Dictionary<string, int> { ["Reviewer1"] = 5, ["Reviewer2"] = 4 }, context.Caller()));
        app.Run();
        return 0;
    }
}
