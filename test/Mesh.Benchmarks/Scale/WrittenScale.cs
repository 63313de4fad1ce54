using System.Globalization;
using System.Runtime.CompilerServices;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>What an endpoint weighs that nobody registers but the operator: a WorkloadEntry, as read from its file.</summary>
internal static class WrittenScale
{
    public static IReadOnlyList<Verdict> Run(ScaleOptions options, TextWriter output)
    {
        var without = Read(options.Services, 0);
        var with = Read(options.Services, options.Endpoints);
        var count = options.Services * options.Endpoints;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  a WorkloadEntry: {(double)(with.Objects - without.Objects) / count:0} bytes, and {(double)(with.Texts - without.Texts) / count:0} of text, which stands in while its file is bad"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  a Service, its VirtualService and half a DestinationRule: {(double)without.Objects / options.Services:0} bytes, and {(double)without.Texts / options.Services:0} of text"));
        return [];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (long Objects, long Texts) Read(int services, int entries)
    {
        var folder = Directory.CreateTempSubdirectory("mesh-written-");
        try
        {
            new ScaledConfig(folder.FullName).Write(services, entries);
            var start = MemoryScale.Heap();
            var files = Parse(folder);
            var read = MemoryScale.Heap();
            Drop(files);
            var objects = MemoryScale.Heap() - start;
            GC.KeepAlive(files);
            return (objects, read - start - objects);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ParsedFile[] Parse(DirectoryInfo folder) =>
        [.. folder.EnumerateFiles().OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => ConfigFileReader.Read(f.Name, f.FullName, YamlLimits.Default))];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(ParsedFile[] files)
    {
        for (var i = 0; i < files.Length; i++)
        {
            files[i] = files[i] with { Text = null };
        }
    }
}
