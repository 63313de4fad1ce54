using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class RequestAuthenticationTests
{
    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    public void Reads_every_field_of_a_rule(string version)
    {
        var policy = Reading.Good<RequestAuthentication>($$"""
            apiVersion: security.istio.io/{{version}}
            kind: RequestAuthentication
            metadata: {name: users}
            spec:
              selector: {matchLabels: {app: reviews} }
              jwtRules:
              - issuer: https://login.example.com
                audiences: [a, b]
                jwks_uri: https://login.example.com/keys
                fromHeaders: [{name: x-token, prefix: "Token "}]
                fromParams: [token]
                fromCookies: [session]
                forwardOriginalToken: true
                outputPayloadToHeader: x-payload
                outputClaimToHeaders: [{header: x-user, claim: sub}]
                timeout: 2s
                spaceDelimitedClaims: [roles]
            """);

        var rule = Assert.Single(policy.Rules);
        Assert.Equal("reviews", policy.Selector.Find("app"));
        Assert.Equal(
            new JwtRule("https://login.example.com")
            {
                Audiences = ["a", "b"],
                KeySetUri = new Uri("https://login.example.com/keys"),
                Headers = [new("x-token", "Token ")],
                Parameters = ["token"],
                Cookies = ["session"],
                Forward = true,
                PayloadHeader = "x-payload",
                ClaimHeaders = [new("x-user", "sub")],
                Timeout = TimeSpan.FromSeconds(2),
                SpaceDelimitedClaims = ["roles"],
            },
            rule);
    }

    [Fact]
    public void Without_rules_it_accepts_nobody_new() => Assert.Empty(Reading.Good<RequestAuthentication>("""
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata: {name: none}
        spec: {}
        """).Rules);
}
