using System.Net;
using ProxylessMesh.Client.Outcomes;

namespace ProxylessMesh.Client.Tests.Outcomes;

public class ContentHeadersTests
{
    /// <summary>Guards the two private fields against a new version of the framework: without them calls cost more, and that must be seen.</summary>
    [Fact]
    public void ThisRuntimeLetsHeadersChangeHands() => Assert.True(ContentHeaders.CanMove);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryHeaderComesAlong(bool move)
    {
        using var from = Content();
        using var to = new StreamContent(Stream.Null);

        Hand(move, from, to);

        Assert.Equal("text/plain; charset=utf-8", to.Headers.ContentType!.ToString());
        Assert.Equal(["de", "fr"], to.Headers.ContentLanguage);
        Assert.Equal(["once", "twice"], to.Headers.GetValues("x-own"));
        to.Headers.Add("x-later", "1");
        Assert.True(to.Headers.Contains("x-later"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ALengthThatNobodyDeclaredIsThatOfTheBufferedBody(bool move)
    {
        using var from = new UnknownLength();
        using var to = new UnknownLength();

        Hand(move, from, to);

        Assert.Null(to.Headers.ContentLength);
        await to.LoadIntoBufferAsync();
        Assert.Equal(3, to.Headers.ContentLength);
    }

    [Fact]
    public void TheFirstOwnerMayGoBeforeTheHeaders()
    {
        using var to = new UnknownLength();
        using (var from = Content())
        {
            ContentHeaders.Hand(from, to);
        }

        Assert.Equal(["once", "twice"], to.Headers.GetValues("x-own"));
        Assert.Null(to.Headers.ContentLength);
    }

    private static void Hand(bool move, HttpContent from, HttpContent to)
    {
        if (move)
        {
            ContentHeaders.Hand(from, to);
        }
        else
        {
            ContentHeaders.Copy(from, to);
        }
    }

    private static UnknownLength Content()
    {
        var content = new UnknownLength();
        content.Headers.TryAddWithoutValidation("Content-Type", "text/plain; charset=utf-8");
        content.Headers.TryAddWithoutValidation("Content-Language", ["de", "fr"]);
        content.Headers.TryAddWithoutValidation("x-own", ["once", "twice"]);
        return content;
    }

    /// <summary>As a chunked response.</summary>
    private sealed class UnknownLength : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(new byte[3]).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
