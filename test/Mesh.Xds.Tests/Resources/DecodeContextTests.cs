using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Tests.Resources;

public sealed class DecodeContextTests
{
    [Fact]
    public void Errors_carry_the_path_of_their_field()
    {
        var context = new DecodeContext();
        context.Error("at the root");
        using (context.Enter("a", 3))
        using (context.Enter("b"))
        {
            context.Error("here");
            context.Error("c", "below");
        }

        context.Refuse(isSet: true, "d");
        context.Refuse(isSet: false, "e");

        Assert.Equal(["at the root", "a[3].b: here", "a[3].b.c: below", "d: is not supported"], context.Errors);
    }

    [Fact]
    public void Entering_a_field_allocates_nothing_when_all_is_well()
    {
        var context = new DecodeContext();
        Walk();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Walk();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Walk()
        {
            using (context.Enter("a", 1))
            using (context.Enter("b"))
            {
                context.Refuse(isSet: false, "c");
            }
        }
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("two\nlines", "\"two\uFFFDlines\"")]
    public void Quoted_text_cannot_break_a_log_line(string text, string expected) => Assert.Equal(expected, DecodeContext.Quote(text));

    [Fact]
    public void Quoted_text_is_shortened() => Assert.True(DecodeContext.Quote(new string('x', 10_000)).Length < 200);
}
