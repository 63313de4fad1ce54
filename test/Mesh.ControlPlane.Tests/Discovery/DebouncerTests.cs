using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

public sealed class DebouncerTests
{
    private readonly FakeTime _time = new();
    private int _fired;

    [Fact]
    public void Rule31_it_waits_for_quiet()
    {
        using var debouncer = Create();

        for (var i = 0; i < 10; i++)
        {
            debouncer.Signal();
            _time.Advance(TimeSpan.FromMilliseconds(99));
        }

        Assert.Equal(0, _fired);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _fired);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _fired);
    }

    [Fact]
    public void Rule31_it_does_not_wait_for_ever()
    {
        using var debouncer = Create();

        for (var i = 0; i < 200; i++)
        {
            debouncer.Signal();
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.Equal(1, _fired);
    }

    [Fact]
    public void It_starts_anew_after_firing()
    {
        using var debouncer = Create();

        debouncer.Signal();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        debouncer.Signal();
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(2, _fired);
    }

    [Fact]
    public void Some_signals_wait_for_less_and_make_no_other_wait_less()
    {
        using var debouncer = Create();

        debouncer.Signal(TimeSpan.FromMilliseconds(50));
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(1, _fired);
        debouncer.Signal();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        debouncer.Signal(TimeSpan.FromMilliseconds(50));
        _time.Advance(TimeSpan.FromMilliseconds(79));
        Assert.Equal(1, _fired);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(2, _fired);
    }

    private Debouncer Create() => new(_time, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), () => _fired++);
}
