namespace Bookinfo.Roles;

/// <summary>What is printed on the back of the book.</summary>
internal static class Details
{
    public static int Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddMesh();

        var app = builder.Build();
        app.MapGet("/details/{id:int}", (int id, HttpContext context) => new BookDetails(
            id, "William Shakespeare", 1595, "paperback", 200, "PublisherA", "English", "1234567890", "123-1234567890", context.Caller()));
        app.Run();
        return 0;
    }
}
