using ProxylessMesh.Testing;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Xds.Tests.LoadReports;

/// <summary>gRFC A51, and Envoy's formats of endpoint-load-metrics.</summary>
public sealed class LoadReportHeaderTests
{
    private static readonly LoadReport Full = new(0.25, 0.5, 0.75, 1200.5, 3)
    {
        NamedMetrics = [new("queue", 17), new("täglich", -1.5)],
    };

    [Fact]
    public void The_message_that_is_written_is_read()
    {
        Assert.True(LoadReportHeader.TryReadBinary(LoadReportMessages.ToHeader(Full), withNamed: true, out var report));

        Assert.Equal(Full with { NamedMetrics = null }, report with { NamedMetrics = null });
        Assert.Equal(Full.NamedMetrics, report.NamedMetrics!.OrderBy(m => m.Key, StringComparer.Ordinal));
        Assert.Equal((17, 0), (report.Named("queue"), report.Named("other")));
    }

    [Fact]
    public void Padding_and_earlier_values_do_not_matter()
    {
        var header = LoadReportMessages.ToHeader(new LoadReport(1, 0, 0, 0, 0));
        var padded = header.PadRight((header.Length + 3) / 4 * 4, '=');

        foreach (var value in (string[])[header, padded, $"{LoadReportMessages.ToHeader(Full)},{padded}", $"AAAA, {header}"])
        {
            Assert.True(LoadReportHeader.TryReadBinary(value, withNamed: false, out var report));
            Assert.Equal(new LoadReport(1, 0, 0, 0, 0), report);
        }
    }

    [Fact]
    public void Names_are_left_out_where_nobody_asks_for_them()
    {
        Assert.True(LoadReportHeader.TryReadBinary(LoadReportMessages.ToHeader(Full), withNamed: false, out var report));

        Assert.Null(report.NamedMetrics);
    }

    [Fact]
    public void More_names_than_are_kept_are_dropped()
    {
        var many = new LoadReport(1, 0, 0, 0, 0) { NamedMetrics = [.. Enumerable.Range(0, 500).Select(i => new KeyValuePair<string, double>($"m{i}", i))] };

        Assert.True(LoadReportHeader.TryReadBinary(LoadReportMessages.ToHeader(many), withNamed: true, out var report));
        Assert.Equal(LoadReportWire.MaxNamedMetrics, report.NamedMetrics!.Length);
    }

    [Theory]
    [InlineData("TEXT cpu_utilization=0.25,mem_utilization=0.5, application_utilization=0.75,rps_fractional=1200.5,eps=3,named_metrics.queue=17,other=1")]
    [InlineData("""JSON {"cpu_utilization":0.25,"mem_utilization":0.5,"application_utilization":0.75,"rps_fractional":1200.5,"eps":3,"named_metrics":{"queue":17},"other":{"a":[1]}}""")]
    public void Text_and_json_are_read(string value)
    {
        Assert.True(LoadReportHeader.TryReadText(value, withNamed: true, out var report));

        Assert.Equal(Full with { NamedMetrics = null }, report with { NamedMetrics = null });
        Assert.Equal(new KeyValuePair<string, double>("queue", 17), Assert.Single(report.NamedMetrics!));
    }

    [Fact]
    public void Binary_is_read_in_the_text_header()
    {
        Assert.True(LoadReportHeader.TryReadText("BIN " + LoadReportMessages.ToHeader(Full), withNamed: false, out var report));
        Assert.Equal(0.25, report.CpuUtilization);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu_utilization=0.3")]
    [InlineData("TEXT cpu_utilization")]
    [InlineData("TEXT cpu_utilization=much")]
    [InlineData("TEXT =1")]
    [InlineData("JSON {\"cpu_utilization\":0.3")]
    [InlineData("JSON [1]")]
    [InlineData("JSON {\"cpu_utilization\":1e999")]
    [InlineData("JSON {\"\\uD800\":1}")]
    [InlineData("BIN ???")]
    public void What_cannot_be_read_is_no_report(string value) => Assert.False(LoadReportHeader.TryReadText(value, withNamed: true, out _));

    [Fact]
    public void A_value_without_end_is_not_looked_at()
    {
        Assert.False(LoadReportHeader.TryReadBinary(new string('A', LoadReportHeader.MaxLength + 4), withNamed: true, out _));
        Assert.False(LoadReportHeader.TryReadText("TEXT eps=1" + new string(' ', LoadReportHeader.MaxLength) + "1", withNamed: true, out _));
    }

    [Fact]
    public void Random_bytes_are_no_danger()
    {
        var random = new SeededRandom(1);
        var good = Convert.FromBase64String(LoadReportMessages.ToHeader(Full) + "==="[..((4 - (LoadReportMessages.ToHeader(Full).Length % 4)) % 4)]);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var k = 0; k < 3; k++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            LoadReportWire.TryRead(bytes.AsSpan(0, random.Next(bytes.Length + 1)), withNamed: true, out _);
        }
    }
}
