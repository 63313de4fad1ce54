using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// Keeps a workload's certificate: from disk or from the authority at start, renewed at half of its life, kept until it
/// expires while the authority is away.
/// </summary>
internal sealed partial class CaIdentitySource(
    ICertificateIssuer issuer,
    IdentityStore? store,
    CaIdentityOptions options,
    TimeProvider time,
    IRandomSource random,
    ILogger<CaIdentitySource> logger) : IIdentitySource
{
    // Under a fifth of its life left, a certificate that cannot be renewed is an incident.
    private const double AlarmFraction = 0.2;

    // A timer's limit is 49 days; a longer wait is made of several.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly IdentitySlot _slot = new();
    private Task _loop = Task.CompletedTask;
    private int _failures;

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public IdentityState? Current => _slot.Current;

    /// <summary>Why the last request for a certificate failed; null when it did not.</summary>
    public string? LastError { get; private set; }

    /// <summary>Takes what the disk holds and begins to ask the authority. Call it once.</summary>
    public void Start()
    {
        try
        {
            Restore(options.Roots());
        }
        catch (CryptographicException e)
        {
            // Without the operator's roots nothing says that the saved identity is of this mesh. The request fails by the same.
            Log.RootsUnreadable(logger, e.Message);
        }

        _loop = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <inheritdoc/>
    public Task<IdentityState> WaitAsync(CancellationToken cancellationToken) => _slot.WaitAsync(cancellationToken);

    /// <summary>
    /// Trusts these roots from the next handshake on, in place of all others. A certificate of another root than the first is
    /// renewed soon: the first is the one that signs now, the others are on their way out.
    /// </summary>
    public void UseTrust(TrustAnchors trust)
    {
        _slot.UseTrust(trust);
        Log.TrustReplaced(logger, trust.Roots.Count, trust.Revocations.Count);
        Notify();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Not disposed of: it owns no timer and no handle, and whoever disposes twice may cancel it twice.
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Restore(X509Certificate2Collection? roots)
    {
        if (store?.Load(roots, time) is not { } saved)
        {
            return;
        }

        if (MismatchOf(saved, roots) is { } mismatch)
        {
            Log.SavedIsForeign(logger, saved.Certificate.Id, mismatch);
            return;
        }

        Publish(saved);
        Log.Restored(logger, saved.Certificate.Id, saved.Certificate.NotAfter);
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var rotateAt = RotateAt(time.GetUtcNow());
        while (!stop.IsCancellationRequested)
        {
            await WaitUntilAsync(rotateAt, stop).ConfigureAwait(false);
            DropExpired();
            var now = time.GetUtcNow();
            rotateAt = AfterTrustChange(rotateAt, now);
            if (now < rotateAt)
            {
                continue;
            }

            rotateAt = await TryIssueAsync(stop).ConfigureAwait(false)
                ? Later(RotateAt(now), now)
                : time.GetUtcNow() + RotationSchedule.UntilRetry(_failures, RemainingLife(), random);
        }
    }

    private TimeSpan? RemainingLife() => Current is { Certificate.NotAfter: var end } ? end - time.GetUtcNow() : null;

    private DateTimeOffset RotateAt(DateTimeOffset now) => Current is { Certificate: var certificate }
        ? now + RotationSchedule.UntilRotation(certificate.NotBefore, certificate.NotAfter, now, random)
        : now;

    private DateTimeOffset AfterTrustChange(DateTimeOffset rotateAt, DateTimeOffset now)
    {
        if (_slot.TakeNewTrust() is not { } trust)
        {
            return rotateAt;
        }

        var certificate = Current!.Certificate;
        var first = new TrustBundle(certificate.Id.TrustDomain, [trust.Roots[0]]);
        if (PeerVerifier.Verify(certificate.Leaf, [.. certificate.Context.IntermediateCertificates], first, time).IsTrusted)
        {
            return rotateAt;
        }

        var soon = now + (options.RootChangeSpread * random.NextDouble());
        Log.RootChanged(logger, certificate.Id, soon);
        return soon < rotateAt ? soon : rotateAt;
    }

    // With a clock that runs ahead, a fresh certificate may look half spent; that must not become a storm of requests.
    private DateTimeOffset Later(DateTimeOffset rotateAt, DateTimeOffset now)
    {
        var earliest = now + ((Current!.Certificate.NotAfter - now) / 10);
        return rotateAt > earliest ? rotateAt : earliest;
    }

    // Also wakes when the certificate expires.
    private async Task WaitUntilAsync(DateTimeOffset at, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (at <= now)
        {
            return;
        }

        var wait = at - now;
        if (Current is { Certificate.NotAfter: var end } && end - now < wait)
        {
            wait = end > now ? end - now : TimeSpan.Zero;
        }

        // Task.Delay cuts off parts of a millisecond, and a validity ends after its last moment.
        wait = wait < s_longestWait ? wait : s_longestWait;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(Math.Floor(wait.TotalMilliseconds) + 1), time, ended.Token), _slot.Woken()).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
    }

    private async Task<bool> TryIssueAsync(CancellationToken stop)
    {
        using var key = SigningRequest.NewKey(options.KeyType);
        try
        {
            using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
            var chain = await IssueAsync(key, either.Token, timeout.Token).ConfigureAwait(false);
            var state = IdentityFactory.Create(chain, key, KnownRoots(), time);
            if (AccountMismatchOf(state) is { } mismatch)
            {
                throw new CryptographicException($"{mismatch}.");
            }

            _failures = 0;
            LastError = null;
            Log.Issued(logger, state.Certificate.Id, state.Certificate.NotAfter);
            Publish(state);
            store?.Save(Current ?? state, chain);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // Whatever an issuer throws, the next try may succeed, and nobody else would make it.
            _failures++;
            LastError = e.Message;
            LogFailure(e.Message);
            return false;
        }
    }

    private X509Certificate2Collection? KnownRoots() =>
        _slot.Trust is { } trust ? [.. trust.Roots, .. options.Roots() ?? []] : options.Roots();

    private async Task<string> IssueAsync(AsymmetricAlgorithm key, CancellationToken either, CancellationToken timeout)
    {
        try
        {
            return await issuer.IssueAsync(SigningRequest.Create(key), options.Lifetime, Current?.Certificate, either).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"the certificate authority did not answer within {options.RequestTimeout.TotalSeconds:0} s", e);
        }
    }

    private void LogFailure(string reason)
    {
        if (Current is not { Certificate: var certificate })
        {
            Log.NoCertificate(logger, _failures, reason);
        }
        else if (certificate.NotAfter - time.GetUtcNow() < (certificate.NotAfter - certificate.NotBefore) * AlarmFraction)
        {
            Log.NearsExpiry(logger, certificate.Id, certificate.NotAfter, _failures, reason);
        }
        else
        {
            Log.RotationFailed(logger, certificate.Id, certificate.NotAfter, _failures, reason);
        }
    }

    private string? MismatchOf(IdentityState saved, X509Certificate2Collection? roots)
    {
        if (AccountMismatchOf(saved) is { } mismatch)
        {
            return mismatch;
        }

        return roots is { Count: > 0 }
            && !PeerVerifier.Verify(saved.Certificate.Leaf, [.. saved.Certificate.Context.IntermediateCertificates], saved.Bundle with { Roots = roots }, time).IsTrusted
            ? "it does not chain to the configured roots"
            : null;
    }

    private string? AccountMismatchOf(IdentityState state) =>
        (options.Namespace is { } workloadNamespace && state.Certificate.Id.Namespace != workloadNamespace)
        || (options.ServiceAccount is { } account && state.Certificate.Id.ServiceAccount != account)
            ? $"the certificate is {state.Certificate.Id}'s, but this workload is service account {options.ServiceAccount} "
                + $"of namespace {options.Namespace}"
            : null;

    private void DropExpired()
    {
        if (Current is { Certificate: var certificate } && time.GetUtcNow() > certificate.NotAfter)
        {
            Log.Expired(logger, certificate.Id, certificate.NotAfter);
            _slot.Clear();
            Notify();
        }
    }

    private void Publish(IdentityState state)
    {
        _slot.Set(state);
        Notify();
    }

    private void Notify()
    {
        try
        {
            Changed?.Invoke();
        }
        catch (Exception e)
        {
            // A subscriber's mistake must not end the rotation.
            Log.SubscriberFailed(logger, e);
        }
    }
}
