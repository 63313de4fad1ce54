using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

public sealed class RotationScheduleTests
{
    [Theory]
    [InlineData(1, 24 * 3600, 0.8, 1.2)]
    [InlineData(20, 24 * 3600, 48, 60)]
    [InlineData(20, 100, 20, 20)]
    [InlineData(20, 10, 2, 2)]
    [InlineData(20, 1, 1, 1)]
    [InlineData(20, -5, 15, 15)]
    public void While_the_authority_is_away_it_is_asked_several_times_within_what_is_left(int failures, int secondsLeft, double least, double most)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            Assert.InRange(RotationSchedule.UntilRetry(failures, TimeSpan.FromSeconds(secondsLeft), new SeededRandom(seed)).TotalSeconds, least, most);
        }
    }

    [Fact]
    public void Without_a_certificate_nobody_waits_for_long() =>
        Assert.Equal(15, RotationSchedule.UntilRetry(20, remaining: null, new SeededRandom(1)).TotalSeconds);
}
