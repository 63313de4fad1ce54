using System.Text;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Xds.Tests.Jose;

public sealed class JwtRequirementsTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_000_000);

    [Theory]
    [InlineData("""{"exp":1000001}""", nameof(JwtFailure.None))]
    [InlineData("""{"exp":999941}""", nameof(JwtFailure.None))]
    [InlineData("""{"exp":999940}""", nameof(JwtFailure.Expired))]
    [InlineData("""{"exp":999940.5}""", nameof(JwtFailure.None))]
    [InlineData("""{"exp":-1}""", nameof(JwtFailure.Expired))]
    [InlineData("""{"exp":0}""", nameof(JwtFailure.Expired))]
    [InlineData("""{"exp":1e300}""", nameof(JwtFailure.None))]
    [InlineData("""{"nbf":1000060}""", nameof(JwtFailure.None))]
    [InlineData("""{"nbf":1000061}""", nameof(JwtFailure.NotYetValid))]
    [InlineData("""{"iat":1000061}""", nameof(JwtFailure.NotYetValid))]
    [InlineData("""{"nbf":-5}""", nameof(JwtFailure.None))]
    [InlineData("{}", nameof(JwtFailure.None))]
    public void Times_count_with_a_minute_of_skew(string claims, string expected) =>
        Assert.Equal(expected, Check(new JwtRequirements(), claims));

    [Theory]
    [InlineData("""{"aud":"bookstore"}""", nameof(JwtFailure.None))]
    [InlineData("""{"aud":["other","bookstore"]}""", nameof(JwtFailure.None))]
    [InlineData("""{"aud":"https://bookstore/"}""", nameof(JwtFailure.None))]
    [InlineData("""{"aud":"Bookstore"}""", nameof(JwtFailure.WrongAudience))]
    [InlineData("""{"aud":"bookstore2"}""", nameof(JwtFailure.WrongAudience))]
    [InlineData("""{"aud":[]}""", nameof(JwtFailure.WrongAudience))]
    [InlineData("""{"aud":""}""", nameof(JwtFailure.WrongAudience))]
    [InlineData("{}", nameof(JwtFailure.WrongAudience))]
    public void One_audience_must_be_ours(string claims, string expected) =>
        Assert.Equal(expected, Check(new JwtRequirements { Audiences = ["bookstore"] }, claims));

    [Theory]
    [InlineData("""{"iss":"a"}""", nameof(JwtFailure.None))]
    [InlineData("""{"iss":"A"}""", nameof(JwtFailure.UnknownIssuer))]
    [InlineData("""{"iss":""}""", nameof(JwtFailure.UnknownIssuer))]
    [InlineData("{}", nameof(JwtFailure.UnknownIssuer))]
    public void The_issuer_is_compared_as_it_is(string claims, string expected) =>
        Assert.Equal(expected, Check(new JwtRequirements { Issuer = "a" }, claims));

    [Theory]
    [InlineData("{}", nameof(JwtFailure.LivesTooLong))]
    [InlineData("""{"exp":1000100}""", nameof(JwtFailure.None))]
    [InlineData("""{"exp":1000101}""", nameof(JwtFailure.LivesTooLong))]
    [InlineData("""{"exp":1000101,"iat":1000001}""", nameof(JwtFailure.None))]
    [InlineData("""{"exp":1000101,"iat":999999}""", nameof(JwtFailure.LivesTooLong))]
    public void A_lifetime_can_be_limited(string claims, string expected) =>
        Assert.Equal(expected, Check(new JwtRequirements { MaxLifetime = TimeSpan.FromSeconds(100), RequireExpiration = true }, claims));

    private static string Check(JwtRequirements requirements, string json)
    {
        Assert.True(JwtClaims.TryRead(Encoding.UTF8.GetBytes(json), out var claims));
        return requirements.Check(claims, s_now).ToString();
    }
}
