using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.ControlPlane.CertificateAuthority;

namespace ProxylessMesh.Benchmarks.Soak;

/// <summary>Certificates that live 10 s are renewed again and again, and the root is replaced in between: no request may fail.</summary>
internal sealed class RotationSoak(SoakOptions options, TextWriter output)
{
    private const int Issued = 1400;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(10);

    /// <returns>How many requests failed.</returns>
    public async Task<int> RunAsync()
    {
        await using var mesh = await SoakMesh.StartAsync(s_lifetime);
        await Wait.UntilAsync(async () => (await mesh.Http.GetAsync(new Uri(SoakMesh.Url))).IsSuccessStatusCode, "the first answer");
        await using var load = new SteadyLoad(mesh.Http, options.Rate);
        var rotations = options.Rotations;
        await RotatedAsync(mesh, rotations / 3);
        await output.WriteLineAsync($"{mesh.Events.Of(Issued) - 1} rotations: {load}");

        using var old = X509CertificateLoader.LoadCertificate(mesh.Plane.Authority.State.Signer.Certificate.RawData);
        var rollover = new RootRollover(DataDirectory.Of(mesh.DataDirectoryPath), TimeProvider.System);
        using var root = rollover.Prepare(TimeSpan.FromDays(30));
        await Wait.UntilAsync(() => mesh.Identity?.Bundle.Roots.Contains(root) == true, "trust in the new root");
        rollover.Activate();

        // Every certificate of the old root has run out by then.
        await RotatedAsync(mesh, Math.Max((2 * rotations / 3) - (rotations / 3), 4));
        await Wait.UntilAsync(() => TryFinish(rollover), "the end of the old root");
        await Wait.UntilAsync(() => mesh.Identity?.Bundle.Roots.Contains(old) == false, "the end of trust in the old root");
        await output.WriteLineAsync($"{mesh.Events.Of(Issued) - 1} rotations and one root: {load}");

        await Wait.UntilAsync(() => mesh.Events.Of(Issued) - 1 >= rotations, "the last rotation", s_lifetime * rotations);
        await RotatedAsync(mesh, 1);
        await output.WriteLineAsync($"{mesh.Events.Of(Issued) - 1} rotations and one root: {load}");
        foreach (var failure in load.Failures)
        {
            await output.WriteLineAsync($"  {failure}");
        }

        return load.Failed;
    }

    private static Task RotatedAsync(SoakMesh mesh, int times)
    {
        var target = mesh.Events.Of(Issued) + times;
        return Wait.UntilAsync(() => mesh.Events.Of(Issued) >= target, $"{times} rotations", s_lifetime * (times + 3));
    }

    private static bool TryFinish(RootRollover rollover)
    {
        try
        {
            rollover.Finish(s_lifetime, force: false);
            return true;
        }
        catch (CertificateAuthorityException)
        {
            return false;
        }
    }
}
