namespace Bookinfo.Launcher;

/// <summary>Where one run keeps its keys, tokens, state and logs: private to the user; the watchdog removes it when the run ends.</summary>
internal sealed class RunDirectory
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("bookinfo-");

    public RunDirectory()
    {
        _root.CreateSubdirectory("logs");
        _root.CreateSubdirectory("tokens");
        _root.CreateSubdirectory("state");
    }

    public string Root => _root.FullName;

    /// <summary>The control plane's keys.</summary>
    public string Data => Path.Combine(Root, "data");

    public string RootCertificate => Path.Combine(Data, "root-cert.pem");

    public string Log(string child) => Path.Combine(Root, "logs", $"{child}.log");

    public string Token(string serviceAccount) => Path.Combine(Root, "tokens", serviceAccount);

    public string State(string workload) => Path.Combine(Root, "state", workload);

    /// <summary>Writes a file that only the user can read.</summary>
    public static async Task WriteSecretAsync(string path, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
    }
}
