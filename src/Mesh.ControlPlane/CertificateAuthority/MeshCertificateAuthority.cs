using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>Certifies workloads' keys as X.509 SVIDs. Who a workload is, is for its caller to know.</summary>
internal sealed partial class MeshCertificateAuthority : IDisposable
{
    // A workload whose clock is a little behind must be able to use its certificate at once.
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(1);

    private readonly CertificateAuthorityOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SigningKeyReader _files;
    private readonly Lock _reloading = new();
    private volatile AuthorityState _state;
    private ITimer? _watch;
    private IReadOnlyList<string?> _texts;
    private IReadOnlyList<string?> _seen;

    // What signs next, once everybody trusts its root; replaces _state.Signer.
    private SigningKeyPair? _successor;
    private string? _problem;

    private MeshCertificateAuthority(CertificateAuthorityOptions options, SigningKeyReader files, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _files = files;
        _texts = _seen = files.Texts();
        var signer = files.Read();
        _state = new AuthorityState(signer, options.TrustDomain, options.TrustDomainAliases, signer.Roots);
        Log.Ready(logger, signer.Certificate.Subject, signer.Certificate.NotAfter.ToUniversalTime());
    }

    /// <summary>After <see cref="Bundle"/> was replaced.</summary>
    public event Action? TrustChanged;

    /// <summary>
    /// Whether every workload that can be told of roots has taken the bundle of this moment. A key of another root does not sign
    /// before.
    /// </summary>
    public Func<bool> EveryoneTrusts { get; set; } = static () => true;

    /// <summary>Of what is issued; null = none is kept.</summary>
    public IssuedCertificates? Record { get; init; }

    /// <summary>What workloads of this mesh trust.</summary>
    public TrustBundle Bundle => _state.Bundle;

    /// <summary>Certificate, key and roots in force.</summary>
    public AuthorityState State => _state;

    /// <summary>
    /// Opens the authority of a data directory, or makes it; or the one that the operator has plugged in.
    /// </summary>
    /// <exception cref="CertificateAuthorityException">What is on disk is damaged or does not fit together, or the trust domain is not one.</exception>
    public static MeshCertificateAuthority Open(CertificateAuthorityOptions options, TimeProvider time, ILogger<MeshCertificateAuthority> logger)
    {
        if (!SpiffeId.IsTrustDomain(options.TrustDomain))
        {
            throw new CertificateAuthorityException(
                $"\"{options.TrustDomain}\" is not a trust domain: it holds lower case letters, digits, dots, dashes and underscores");
        }

        if (options.PluggedInDirectory is { } folder)
        {
            return new MeshCertificateAuthority(options, new SigningKeyReader(DataDirectory.Of(folder), time), time, logger) { Record = RecordOf(options, time) };
        }

        var directory = new DataDirectory(options.DataDirectory);
        new SigningKeyStore(directory, time, logger).CreateIfMissing(options.TrustDomain, options.RootLifetime);
        return new MeshCertificateAuthority(options, new SigningKeyReader(directory, time), time, logger) { Record = RecordOf(options, time) };
    }

    /// <summary>Follows the files from now on.</summary>
    public void Watch() => _watch ??= _time.CreateTimer(static self => ((MeshCertificateAuthority)self!).Reload(), this, _options.ReloadInterval, _options.ReloadInterval);

    /// <summary>Certifies the key of a signing request for an id that its sender has proven.</summary>
    /// <param name="id">The only URI of the certificate.</param>
    /// <param name="signingRequest">PKCS#10 in PEM; its names mean nothing.</param>
    /// <param name="lifetime">Asked for; null = the default.</param>
    /// <param name="hosts">Host names besides the identity. Whoever calls this knows them.</param>
    /// <returns>The chain, leaf first, root last, each in PEM.</returns>
    /// <exception cref="SigningRequestException">The request is not fit to be certified.</exception>
    public IReadOnlyList<string> Issue(SpiffeId id, string signingRequest, TimeSpan? lifetime, IReadOnlyList<string>? hosts = null)
    {
        if (id.TrustDomain != _options.TrustDomain)
        {
            throw new SigningRequestException($"{id} is not of trust domain {_options.TrustDomain}");
        }

        foreach (var host in hosts ?? [])
        {
            if (Uri.CheckHostName(host) != UriHostNameType.Dns)
            {
                throw new SigningRequestException($"{host} is no host name");
            }
        }

        var state = _state;
        return [Sign(state, SigningRequestReader.Read(signingRequest), new LeafNames(id, hosts ?? [], []), lifetime ?? _options.DefaultLifetime), .. state.Issuers];
    }

    /// <summary>The control plane's own certificate, for the host names under which workloads reach it.</summary>
    /// <returns>The chain, leaf first, root last, in PEM.</returns>
    public string IssueServer(ECDsa key, SpiffeId id)
    {
        var names = new LeafNames(
            id,
            [.. _options.ServerNames.Prepend("localhost").Distinct(StringComparer.OrdinalIgnoreCase)],
            [.. _options.ServerAddresses.Prepend(IPAddress.IPv6Loopback).Prepend(IPAddress.Loopback).Distinct()]);
        var state = _state;
        return string.Join('\n', state.Issuers.Prepend(Sign(state, new PublicKey(key), names, _options.DefaultLifetime)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch?.Dispose();
        Record?.Dispose();
        _state.Signer.Key.Dispose();
    }

    /// <summary>Takes what the files hold now. What cannot be used leaves the authority as it is, and is said once.</summary>
    public void Reload()
    {
        lock (_reloading)
        {
            try
            {
                var texts = _files.Texts();
                if (!texts.SequenceEqual(_seen))
                {
                    // Whoever replaces several files is perhaps not done.
                    _seen = texts;
                }
                else if (!texts.SequenceEqual(_texts))
                {
                    _texts = texts;
                    Take(_files.Read());
                }

                Succeed();
            }
            catch (CertificateAuthorityException e) when (e.Message == _problem)
            {
                // Said already.
            }
            catch (CertificateAuthorityException e)
            {
                _problem = e.Message;
                Log.NotReloaded(_logger, e.Message);
            }
        }
    }

    // Roots go out at once. A key of another root waits until they have arrived: who met its certificates earlier would refuse them.
    private void Take(SigningKeyPair read)
    {
        var current = _state.Signer;
        if (!read.Roots.Contains(current.Anchor))
        {
            throw new CertificateAuthorityException(
                $"{SigningKeyReader.RootFile} no longer holds the root of the key that signs now. Keep both roots until no certificate of the old one is in use");
        }

        if (read.Anchor.Equals(current.Anchor))
        {
            _successor = null;
            Replace(new AuthorityState(read, _options.TrustDomain, _options.TrustDomainAliases, read.Roots));
            return;
        }

        _successor = read;
        current = current with { RevocationLists = read.RevocationLists };
        Replace(new AuthorityState(current, _options.TrustDomain, _options.TrustDomainAliases, [current.Anchor, .. read.Roots.Where(r => !r.Equals(current.Anchor))]));
        Log.Waiting(_logger, read.Certificate.Subject, read.Certificate.SerialNumber);
    }

    private void Succeed()
    {
        if (_successor is { } next && EveryoneTrusts())
        {
            _successor = null;
            Replace(new AuthorityState(next, _options.TrustDomain, _options.TrustDomainAliases, next.Roots));
        }
    }

    // The key that is replaced is not disposed of: a request may be using it.
    private void Replace(AuthorityState state)
    {
        _state = state;
        _problem = null;
        Log.Reloaded(_logger, state.Signer.Certificate.Subject, state.Signer.Certificate.SerialNumber, state.Bundle.Roots.Count);
        TrustChanged?.Invoke();
    }

    private static IssuedCertificates? RecordOf(CertificateAuthorityOptions options, TimeProvider time) =>
        options.KeepsRecord ? new IssuedCertificates(options.DataDirectory, time) : null;

    private string Sign(AuthorityState state, PublicKey key, LeafNames names, TimeSpan lifetime)
    {
        var (notBefore, notAfter) = Validity(state.Signer.Certificate, lifetime);
        var serial = NewSerial();
        var leaf = state.Sign(new LeafContent(key, names, serial, notBefore, notAfter));

        // Before anybody has the certificate: what is not on record could not be revoked by its account.
        Record?.Add(names.Id, Convert.ToHexString(serial), notAfter);
        return leaf;
    }

    // RFC 5280, section 4.1.2.2: positive. 128 random bits less the sign.
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }

    private (DateTimeOffset NotBefore, DateTimeOffset NotAfter) Validity(X509Certificate2 signer, TimeSpan lifetime)
    {
        var now = _time.GetUtcNow();
        var begin = new DateTimeOffset(signer.NotBefore.ToUniversalTime());
        var end = new DateTimeOffset(signer.NotAfter.ToUniversalTime());
        if (now >= end)
        {
            throw new SigningRequestException($"the certificate authority expired at {end:u}");
        }

        lifetime = lifetime <= TimeSpan.Zero ? _options.DefaultLifetime : lifetime;
        lifetime = lifetime < _options.MaxLifetime ? lifetime : _options.MaxLifetime;

        // A minute in the past would be most of the life of a very short one, which then looks half spent from its beginning.
        var notBefore = now - (lifetime / 10 < s_clockSkew ? lifetime / 10 : s_clockSkew);
        return (notBefore > begin ? notBefore : begin, now + lifetime < end ? now + lifetime : end);
    }

    private static partial class Log
    {
        [LoggerMessage(4301, LogLevel.Information, "Certificate authority {Subject} ready, valid until {NotAfter:u}")]
        public static partial void Ready(ILogger logger, string subject, DateTime notAfter);

        [LoggerMessage(4320, LogLevel.Information, "Certificate authority {Subject} ({Serial}) signs from now on; workloads trust {Roots} roots")]
        public static partial void Reloaded(ILogger logger, string subject, string serial, int roots);

        [LoggerMessage(4321, LogLevel.Error, "The changed files of the certificate authority are not used, the last good ones stay in force: {Reason}")]
        public static partial void NotReloaded(ILogger logger, string reason);

        [LoggerMessage(4322, LogLevel.Information, "Certificate authority {Subject} ({Serial}) has another root; it signs as soon as every connected workload trusts that")]
        public static partial void Waiting(ILogger logger, string subject, string serial);
    }
}
