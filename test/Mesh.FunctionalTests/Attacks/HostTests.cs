using System.Net.Security;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>DENY of host admin.example (CVE-2021-39155): no spelling of it and no second host gets past.</summary>
public sealed class HostTests(AttackedMesh mesh) : IClassFixture<AttackedMesh>
{
    [Theory]
    [InlineData("Host: admin.example", "403")]
    [InlineData("Host: Admin.EXAMPLE", "403")]
    [InlineData("host: admin.example:80", "403")]
    [InlineData("Host: admin.example:9080", "403")]
    [InlineData("Host: admin.example.", "403")]
    [InlineData("Host: admin.example.:80", "403")]
    [InlineData("Host: admin.example\r\nHost: reviews", "400")]
    [InlineData("Host: reviews\r\nHost: admin.example", "400")]
    [InlineData("Host: reviews, admin.example", "400")]
    [InlineData("Host: user@admin.example", "400")]
    [InlineData("Host: admin.example/", "400")]
    [InlineData("Host: reviews", "200")]
    [InlineData("Host: [::1]", "200")]
    [InlineData("Host: [::1]:9080", "200")]
    [InlineData("Host: not-admin.example", "200")]
    public async Task Http1(string hosts, string status)
    {
        await using var wire = await mesh.OpenAsync(secure: true, SslApplicationProtocol.Http11);

        await wire.SendAsync($"GET / HTTP/1.1\r\n{hosts}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", await wire.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_of_an_absolute_target_must_be_that_of_the_header()
    {
        foreach (var (target, host, status) in new[] { ("admin.example", "reviews", "400"), ("reviews", "admin.example", "400"), ("admin.example", "admin.example", "403") })
        {
            await using var wire = await mesh.OpenAsync(secure: false, SslApplicationProtocol.Http11);
            await wire.SendAsync($"GET http://{target}/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

            Assert.StartsWith($"HTTP/1.1 {status} ", await wire.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("admin.example", null, 403)]
    [InlineData("ADMIN.example:9080", null, 403)]
    [InlineData("admin.example", "reviews", 403)]
    [InlineData("reviews", "admin.example", 200)]
    [InlineData(null, "admin.example", 403)]
    [InlineData("reviews", null, 200)]
    public async Task In_Http2_the_authority_counts(string? authority, string? host, int status)
    {
        await using var attack = await mesh.OpenHttp2Async(secure: true);
        var fields = new List<(string, string)> { (":method", "GET"), (":scheme", "http"), (":path", "/") };
        if (authority is not null)
        {
            fields.Add((":authority", authority));
        }

        if (host is not null)
        {
            fields.Add(("host", host));
        }

        attack.AddRequest(1, [.. fields]);
        await attack.FlushAsync();
        Assert.Equal(status, await attack.StatusAsync(1));

        // The app sees the host that was decided about, and no other.
        if (status == 200)
        {
            var data = await attack.ReadAsync();
            var seen = System.Text.Json.JsonDocument.Parse(data!.Payload).RootElement;
            Assert.Equal("reviews", seen.GetProperty("host").GetString());
            Assert.Equal("reviews", seen.GetProperty("headers").GetProperty("host").GetString());
        }
    }
}
