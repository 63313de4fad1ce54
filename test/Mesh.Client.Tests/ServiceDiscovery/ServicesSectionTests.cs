using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.ServiceDiscovery;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Client.Tests.ServiceDiscovery;

/// <summary>The configuration of Microsoft.Extensions.ServiceDiscovery.</summary>
public sealed class ServicesSectionTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Services:reviews:https:0"] = "https://localhost:7001",
        ["Services:reviews:http:0"] = "localhost:5001",
        ["Services:reviews:http:1"] = "http://127.0.0.1:5002",
        ["Services:reviews:dashboard:0"] = "https://localhost:9999",
        ["Services:plain:http"] = "10.0.0.1",
        ["Services:fixed:default:0"] = "host-a:81",
        ["Services:mixed:https:0"] = "http://insecure:80",
        ["Services:six:http:0"] = "http://[::1]:5003",
    };

    [Theory]
    [InlineData("https+http://reviews/a?b=c", "https://localhost:7001/a?b=c")]
    [InlineData("https+http://REVIEWS:9080/", "https://localhost:7001/")]
    [InlineData("http+https://reviews/", "http://localhost:5001/")]
    [InlineData("http://reviews:9080/", "http://localhost:5001/")]
    [InlineData("https://reviews/", "https://localhost:7001/")]
    [InlineData("https+http://_dashboard.reviews/x", "https://localhost:9999/x")]
    [InlineData("https+http://plain/", "http://10.0.0.1/")]
    [InlineData("https+http://fixed/", "https://host-a:81/")]
    [InlineData("http://fixed/", "http://host-a:81/")]
    [InlineData("http+https://six/", "http://[::1]:5003/")]
    public void Finds_the_address(string uri, string expected) => Assert.Equal(new Uri(expected), Resolve(uri));

    [Theory]
    [InlineData("https+http://ratings/")]
    [InlineData("https+http://_nothing.reviews/")]
    [InlineData("http://_dashboard.reviews/")]
    [InlineData("https://plain/")]
    [InlineData("https://mixed/")]
    public void Says_nothing_where_it_holds_nothing_that_the_scheme_allows(string uri) => Assert.Null(Resolve(uri));

    [Fact]
    public void Several_addresses_take_turns()
    {
        using var section = Section(Settings, out _);
        var uri = new Uri("http://reviews/");

        var ports = Enumerable.Range(0, 6).Select(_ => section.Resolve(uri)!.Port).ToList();

        Assert.Equal([5001, 5002, 5001, 5002, 5001, 5002], ports);
    }

    [Fact]
    public void A_reload_counts_at_once()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();
        using var section = new ServicesSection(root, new CollectedLogs().CreateLogger("test"));
        root["Services:reviews:https:0"] = "https://localhost:7999";
        root.Reload();

        Assert.Equal(7999, section.Resolve(new Uri("https://reviews/"))!.Port);
    }

    [Theory]
    [InlineData("ftp://a")]
    [InlineData("http://")]
    [InlineData("a b")]
    [InlineData("host:99999")]
    [InlineData("")]
    public void A_value_that_is_no_address_is_left_out_with_a_warning(string value)
    {
        using var section = Section(new() { ["Services:a:http:0"] = value, ["Services:a:http:1"] = "good:80" }, out var logs);

        Assert.Equal(new Uri("http://good/"), section.Resolve(new Uri("http://a/")));
        Assert.Equal(2651, Assert.Single(logs.Entries).Id.Id);
    }

    [Theory]
    [InlineData("http://reviews/")]
    [InlineData("https://reviews/")]
    [InlineData("ftp://reviews/")]
    public void A_uri_with_one_scheme_leaves_no_choice(string uri) => Assert.Null(LogicalUri.From(new Uri(uri)));

    private static Uri? Resolve(string uri)
    {
        using var section = Section(Settings, out _);
        var written = new Uri(uri);
        return section.Resolve(LogicalUri.From(written) ?? written);
    }

    private static ServicesSection Section(Dictionary<string, string?> settings, out CollectedLogs logs)
    {
        logs = new CollectedLogs();
        return new ServicesSection(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), logs.CreateLogger("test"));
    }
}
