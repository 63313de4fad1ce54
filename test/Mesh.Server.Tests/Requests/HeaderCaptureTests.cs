using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Requests;

namespace ProxylessMesh.Server.Tests.Requests;

public sealed class HeaderCaptureTests
{
    [Fact]
    public void Several_lines_are_one_list()
    {
        var capture = new HeaderCapture(["baggage"]);
        var headers = new HeaderDictionary { ["Baggage"] = new(["a=1", "b=2"]) };

        Assert.Equal([new("baggage", "a=1,b=2")], capture.From(headers));
    }

    [Fact]
    public void None_is_null() => Assert.Null(new HeaderCapture(["baggage"]).From(new HeaderDictionary { ["other"] = "x", ["baggage"] = "" }));

    [Fact]
    public void At_most_64_headers()
    {
        var names = Enumerable.Range(0, 100).Select(i => $"h{i}").ToArray();
        var headers = new HeaderDictionary();
        foreach (var name in names)
        {
            headers[name] = "v";
        }

        Assert.Equal(names.Take(64), new HeaderCapture(names).From(headers)!.Select(h => h.Key));
    }

    [Fact]
    public void A_header_that_does_not_fit_stays_behind()
    {
        var capture = new HeaderCapture(["a", "b", "c"]);
        var headers = new HeaderDictionary { ["a"] = new string('x', 8000), ["b"] = new string('x', 8000), ["c"] = "fits" };

        Assert.Equal(["a", "c"], capture.From(headers)!.Select(h => h.Key));
    }
}
