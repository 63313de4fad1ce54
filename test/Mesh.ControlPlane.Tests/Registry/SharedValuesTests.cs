using ProxylessMesh.ControlPlane.Registry;

namespace ProxylessMesh.ControlPlane.Tests.Registry;

public sealed class SharedValuesTests
{
    [Fact]
    public void All_that_are_equal_are_one_object_until_nobody_has_it()
    {
        var values = new SharedValues<string>();
        var (first, second, third) = (Text(), Text(), Text());

        Assert.Same(first, values.Take(first));
        Assert.Same(first, values.Take(second));
        Assert.False(values.Release(third));
        Assert.True(values.Release(second));

        Assert.Equal(0, values.Count);
        Assert.False(values.TryTake(third, out _));
        Assert.Same(third, values.Take(third));
    }

    [Fact]
    public void What_nobody_took_cannot_be_released() =>
        Assert.Throws<KeyNotFoundException>(() => new SharedValues<string>().Release("a"));

    private static string Text() => new('x', 3);
}
