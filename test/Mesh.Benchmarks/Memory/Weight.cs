using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace ProxylessMesh.Benchmarks.Memory;

/// <summary>What a process weighs, in bytes: in all, and by what it is for.</summary>
/// <param name="Heap">Live objects.</param>
/// <param name="Private">Pages that are the process's alone and written to, where the system tells; else what it has set aside.</param>
/// <param name="Committed">Of <paramref name="Private"/>: what the garbage collector holds for objects, its own tables included.</param>
/// <param name="Code">Of <paramref name="Private"/>: compiled code, and the runtime's descriptions of types and methods that lie beside it.</param>
/// <param name="Images">Of <paramref name="Private"/>: written pages of assemblies and libraries.</param>
/// <param name="Methods">Compiled in the process: the framework's own come compiled.</param>
internal sealed record Weight(long Heap, long Private, long Committed, long Code, long Images, long Methods)
{
    private const string Pages = "/proc/self/smaps";

    /// <summary>Stacks, and what the runtime and its libraries hold in memory of their own.</summary>
    public long Native => Math.Max(0, Private - Committed - Code - Images);

    public static Weight OfThisProcess()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var committed = GC.GetGCMemoryInfo(GCKind.FullBlocking).TotalCommittedBytes;
        var methods = JitInfo.GetCompiledMethodCount();
        if (!File.Exists(Pages))
        {
            using var self = Process.GetCurrentProcess();
            return new Weight(heap, self.PrivateMemorySize64, committed, 0, 0, methods);
        }

        var (all, code, images) = Read(File.ReadLines(Pages));
        return new Weight(heap, all, committed, code, images, methods);
    }

    public static Weight Parse(string line)
    {
        var figures = Array.ConvertAll(line.Split(' '), f => long.Parse(f, CultureInfo.InvariantCulture));
        return new Weight(figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Heap} {Private} {Committed} {Code} {Images} {Methods}");

    private static (long All, long Code, long Images) Read(IEnumerable<string> lines)
    {
        const string dirty = "Private_Dirty:";
        var (all, code, images) = (0L, 0L, 0L);
        var name = "";
        foreach (var line in lines)
        {
            if (!line.StartsWith(dirty, StringComparison.Ordinal))
            {
                // The first line of a mapping ends with its file, if it has one; all others begin with a word and a colon.
                name = line.AsSpan(0, line.IndexOf(' ')).EndsWith(":", StringComparison.Ordinal) ? name : line;
                continue;
            }

            var bytes = 1024 * long.Parse(line[dirty.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
            all += bytes;
            code += name.Contains("doublemapper", StringComparison.Ordinal) ? bytes : 0;
            images += name.EndsWith(".dll", StringComparison.Ordinal) || name.Contains(".so", StringComparison.Ordinal) ? bytes : 0;
        }

        return (all, code, images);
    }
}
