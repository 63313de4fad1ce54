using System.Diagnostics;
using System.Text;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Tests.Yaml;

/// <summary>Whatever a file holds, reading ends, with objects or with problems.</summary>
public class YamlFuzzTests
{
    private const int Documents = 50_000;

    private static readonly string[] Fragments =
    [
        "\n", "\r", "\t", "  ", ": ", "- ", "? ", "&a ", "*a", "<<: *a", "---\n", "...\n", "%YAML 1.2\n", "%TAG ! !x\n", "!!binary ", "!<x> ", "|\n", ">-\n", "'", "\"",
        "{", "}", "[", "]", "#", "\\", "\0", "\uFEFF", "\uD83D\uDE42", "\uFFFD", "null", "~", "1e999", "-0x", "99999999999999999999", "@", "`", "[[[[[[[[", "{{{{{{{{", "kind: List\nitems: ",
        "spec: ", "metadata: ", "apiVersion: v1\n",
    ];

    [Fact]
    public void Fifty_thousand_mutated_documents_end_in_objects_or_problems()
    {
        var random = new Random(20_301);
        var seeds = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "TestData"), "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)
            .ToArray();
        var limits = new YamlLimits(MaxBytes: 64 * 1024, MaxNodes: 5_000);
        var settings = new MeshSettings();
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < Documents; i++)
        {
            var bytes = Mutate(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random);
            var begun = Stopwatch.GetTimestamp();

            var file = ConfigFileReader.Parse("fuzz.yaml", bytes, limits);
            var snapshot = AcceptedConfig.Empty.Next([file], [], settings).Snapshot;

            Assert.All(snapshot.Problems, p => Assert.DoesNotContain('\n', p.Text));
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(begun).Ticks));
        }

        // Not a measurement: a bound that only runaway work breaks.
        Assert.True(slowest < TimeSpan.FromSeconds(20), $"one document took {slowest}");
    }

    private static byte[] Mutate(byte[] seed, byte[] other, Random random)
    {
        var from = random.Next(seed.Length);
        var bytes = seed.AsSpan(from, Math.Min(seed.Length - from, 1 + random.Next(1_500))).ToArray().ToList();
        for (var n = 1 + random.Next(6); n > 0; n--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(40)));
                    break;
                case 3:
                    bytes.InsertRange(at, other.AsSpan(random.Next(other.Length)).ToArray().Take(200));
                    break;
                default:
                    bytes.InsertRange(at, bytes.Skip(at).Take(random.Next(60)).ToList());
                    break;
            }
        }

        return [.. bytes];
    }
}
