using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// A certificate that somebody else keeps fresh in files: gRPC's <c>file_watcher</c> plugin (gRFC A29), as Istio's agent
/// writes it. Files are read at start and at each refresh; what cannot be read leaves the last good identity in force.
/// </summary>
internal sealed partial class FileIdentitySource(TlsFilesConfig files, TimeProvider time, ILogger<FileIdentitySource> logger) : IIdentitySource
{
    private readonly TaskCompletionSource<IdentityState> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _reading = new();
    private volatile IdentityState? _current;
    private ITimer? _refresh;

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public IdentityState? Current => _current;

    /// <inheritdoc/>
    public string? LastError { get; private set; }

    /// <inheritdoc/>
    public void Start()
    {
        Read();
        _refresh = time.CreateTimer(static self => ((FileIdentitySource)self!).Read(), this, files.RefreshInterval, files.RefreshInterval);
    }

    /// <inheritdoc/>
    public Task<IdentityState> WaitAsync(CancellationToken cancellationToken) => _first.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_refresh is not null)
        {
            await _refresh.DisposeAsync().ConfigureAwait(false);
        }

        _first.TrySetCanceled();
    }

    private void Read()
    {
        lock (_reading)
        {
            try
            {
                Publish(Load());
                LastError = null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                LastError = e.Message;
                Log.NotRead(logger, files.CertificateFile, e.Message);
            }
        }
    }

    private IdentityState Load()
    {
        if (files is not { CertificateFile: { } chain, PrivateKeyFile: { } keyFile } || (files.CaCertificateFile ?? files.BundleMapFile) is null)
        {
            throw new CryptographicException("The certificate provider names no certificate, key or root file.");
        }

        using var key = ReadKey(keyFile);
        return files.BundleMapFile is { } map
            ? IdentityFactory.CreateFederated(File.ReadAllText(chain), key, SpiffeBundleMap.Read(File.ReadAllBytes(map)), time)
            : IdentityFactory.Create(File.ReadAllText(chain), key, PemCertificates.Read(File.ReadAllText(files.CaCertificateFile!)), time);
    }

    private void Publish(IdentityState state)
    {
        if (_current is { } current && current.Certificate.Leaf.RawDataMemory.Span.SequenceEqual(state.Certificate.Leaf.RawDataMemory.Span)
            && current.Bundle.HasRootsOf(state.Bundle))
        {
            return;
        }

        _current = state;
        _first.TrySetResult(state);
        Changed?.Invoke();
        Log.Read(logger, state.Certificate.Id, state.Certificate.NotAfter);
    }

    private static AsymmetricAlgorithm ReadKey(string file) => PemPrivateKey.Read(File.ReadAllText(file))
        ?? throw new CryptographicException($"{file} holds no unencrypted ECDSA or RSA key in PEM.");

    private static partial class Log
    {
        [LoggerMessage(1420, LogLevel.Information, "Read the certificate of {Id} from its files; it expires at {NotAfter:u}.")]
        public static partial void Read(ILogger logger, SpiffeId id, DateTimeOffset notAfter);

        [LoggerMessage(1421, LogLevel.Warning, "The certificate in {File} cannot be used, so the last good one stays: {Reason}")]
        public static partial void NotRead(ILogger logger, string? file, string reason);
    }
}
