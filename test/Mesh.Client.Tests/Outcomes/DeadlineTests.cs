using ProxylessMesh.Client.Outcomes;

namespace ProxylessMesh.Client.Tests.Outcomes;

/// <summary>Deadlines that are used again know nothing of the call before. On one thread the next one is the one just given back.</summary>
public sealed class DeadlineTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1);

    [Fact]
    public void A_deadline_is_used_again()
    {
        var first = Start(default);
        first.Dispose();
        var second = Start(default);

        Assert.Same(first, second);
        Assert.Equal(s_long, second.Timeout);
        second.Dispose();
    }

    [Fact]
    public void What_was_registered_by_the_call_before_is_forgotten()
    {
        using var caller = new CancellationTokenSource();
        var heard = false;
        var first = Start(default);
        using var registration = first.Token.Register(() => heard = true);
        first.Dispose();

        var second = Start(caller.Token);
        Assert.Same(first, second);
        caller.Cancel();

        Assert.True(second.Token.IsCancellationRequested);
        Assert.False(heard);
        second.Dispose();
    }

    [Fact]
    public void The_caller_of_the_call_before_cancels_nothing()
    {
        using var caller = new CancellationTokenSource();
        Start(caller.Token).Dispose();
        var second = Start(default);

        caller.Cancel();

        Assert.False(second.Token.IsCancellationRequested);
        second.Dispose();
    }

    [Fact]
    public void A_cancelled_one_is_not_used_again()
    {
        using var caller = new CancellationTokenSource();
        var first = Start(caller.Token);
        caller.Cancel();
        first.Dispose();

        var second = Start(default);

        Assert.NotSame(first, second);
        Assert.False(second.Token.IsCancellationRequested);
        second.Dispose();
    }

    [Fact]
    public void One_with_an_idle_timeout_is_not_used_again()
    {
        var first = Deadline.Start(s_long, s_long, s_long, TimeProvider.System, default);
        first.Dispose();

        var second = Start(default);

        Assert.NotSame(first, second);
        second.Dispose();
    }

    private static Deadline Start(CancellationToken caller) => Deadline.Start(s_long, TimeSpan.Zero, TimeSpan.Zero, TimeProvider.System, caller);
}
