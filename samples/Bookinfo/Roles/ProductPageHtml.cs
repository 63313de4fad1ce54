using System.Globalization;
using System.Text.Encodings.Web;

namespace Bookinfo.Roles;

/// <summary>The page as a person sees it.</summary>
internal static class ProductPageHtml
{
    public static string Of(ProductView view) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <title>{{Encode(view.Title)}}</title>
          <style>
            body { font-family: sans-serif; margin: 2rem auto; max-width: 48rem; }
            .black { color: black } .red { color: red } .error { color: firebrick } small { color: gray }
          </style>
        </head>
        <body>
          <h1>{{Encode(view.Title)}}</h1>
          <h2>Details</h2>
          {{DetailsOf(view.Details)}}
          <h2>Reviews</h2>
          {{ReviewsOf(view.Reviews)}}
        </body>
        </html>
        """;

    private static string DetailsOf(Section<BookDetails> section) => section.Content is { } book
        ? Paragraph($"{book.Author}, {book.Year}. {book.Publisher}, {book.Type}, {book.Pages} pages, {book.Language}. ISBN {book.Isbn13}.")
          + Served($"details, called by {book.CalledBy}")
        : Error(section.Error);

    private static string ReviewsOf(Section<BookReviews> section) => section.Content is { } reviews
        ? string.Concat(reviews.Reviews.Select(r => ReviewOf(r, reviews.StarColour)))
          + (reviews.RatingsError is { } error ? Error(error) : "")
          + Served($"{reviews.Workload} ({reviews.Version}), called by {reviews.CalledBy}")
        : Error(section.Error);

    private static string ReviewOf(Review review, string? colour) =>
        $"<blockquote><p>{Encode(review.Text)}</p><p>{Encode(review.Reviewer)} <span class=\"{colour}\">{new string('★', review.Stars ?? 0)}</span></p></blockquote>";

    private static string Paragraph(FormattableString text) => $"<p>{Encode(text.ToString(CultureInfo.InvariantCulture))}</p>";

    private static string Served(string text) => $"<p><small>{Encode(text)}</small></p>";

    private static string Error(string? text) => $"<p class=\"error\">{Encode(text ?? "unavailable")}</p>";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
