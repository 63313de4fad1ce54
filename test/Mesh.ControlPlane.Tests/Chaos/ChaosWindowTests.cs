using System.Globalization;
using ProxylessMesh.ControlPlane.Chaos;

namespace ProxylessMesh.ControlPlane.Tests.Chaos;

public class ChaosWindowTests
{
    // 2030-01-01 is a Tuesday.
    [Theory]
    [InlineData("09:00-17:00", "2030-01-01T10:30:00Z", "2030-01-01T10:30:00Z")]
    [InlineData("09:00-17:00", "2030-01-01T08:00:00Z", "2030-01-01T09:00:00Z")]
    [InlineData("09:00-17:00", "2030-01-01T16:50:00Z", "2030-01-01T16:50:00Z")]
    [InlineData("09:00-17:00", "2030-01-01T16:51:00Z", "2030-01-02T09:00:00Z")]
    [InlineData("Mon-Fri 09:00-17:00", "2030-01-04T18:00:00Z", "2030-01-07T09:00:00Z")]
    [InlineData("sat,Sun 00:00-24:00", "2030-01-01T00:00:00Z", "2030-01-05T00:00:00Z")]
    [InlineData("Fri-Mon 10:00-11:00", "2030-01-01T00:00:00Z", "2030-01-04T10:00:00Z")]
    public void ExperimentsBeginAndEndInside(string text, string now, string expected)
    {
        Assert.True(ChaosWindow.TryParse(text, out var window));

        Assert.Equal(Time(expected), window.Next(Time(now), TimeSpan.FromMinutes(10)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9-17")]
    [InlineData("09:00")]
    [InlineData("17:00-09:00")]
    [InlineData("09:00-09:00")]
    [InlineData("Mon-Fri")]
    [InlineData("Mon-Foo 09:00-17:00")]
    [InlineData("Mon-Tue-Wed 09:00-17:00")]
    [InlineData("Mon 09:00-17:00 UTC")]
    [InlineData("09:00-25:00")]
    public void WhatIsNoWindowIsRefused(string text) => Assert.False(ChaosWindow.TryParse(text, out _));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
