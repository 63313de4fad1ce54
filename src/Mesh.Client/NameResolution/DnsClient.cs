using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>Asks the machine's name servers, as the C library's resolver would, but keeps the time to live, which .NET's does not tell.</summary>
internal sealed class DnsClient(TimeProvider time)
{
    /// <summary>The first candidate that has addresses. What one server cannot say, the next may.</summary>
    public async Task<NameAnswer> AskAsync(ResolverSettings settings, string name, DnsRecordType type, CancellationToken cancellationToken)
    {
        string? error = null;
        foreach (var candidate in settings.Candidates(name))
        {
            if (!DnsQuery.IsAskable(candidate))
            {
                error ??= "is no name that DNS can hold";
                continue;
            }

            var (response, failure) = await AskServersAsync(settings, candidate, type, cancellationToken).ConfigureAwait(false);
            if (response is { Addresses.Count: > 0 })
            {
                return NameAnswer.Of(response.Addresses, response.TimeToLive);
            }

            // That a server failed is worth more than that another name does not exist.
            error = failure ?? error ?? (response!.Code == DnsResponseCode.NameError ? "no such name (NXDOMAIN)" : "the name has no address");
        }

        return NameAnswer.Failed(error ?? "is no name that DNS can hold");
    }

    private async Task<(DnsResponse? Response, string? Failure)> AskServersAsync(
        ResolverSettings settings, string name, DnsRecordType type, CancellationToken cancellationToken)
    {
        var failure = "there is no name server";
        for (var attempt = 0; attempt < settings.Attempts; attempt++)
        {
            foreach (var server in settings.Servers)
            {
                var query = new DnsQuery((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), name, type);
                try
                {
                    var response = await AskServerAsync(server, query, settings.Timeout, cancellationToken).ConfigureAwait(false);
                    if (response.Code is DnsResponseCode.NoError or DnsResponseCode.NameError)
                    {
                        return (response, null);
                    }

                    failure = $"name server {server} says {Describe(response.Code)}";
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    failure = $"name server {server} did not answer within {settings.Timeout.TotalSeconds} s";
                }
                catch (SocketException e)
                {
                    failure = $"name server {server}: {e.Message}";
                }
            }
        }

        return (null, failure);
    }

    private async Task<DnsResponse> AskServerAsync(IPEndPoint server, DnsQuery query, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        return await DnsExchange.AskAsync(server, query, either.Token).ConfigureAwait(false);
    }

    private static string Describe(DnsResponseCode code) => code switch
    {
        DnsResponseCode.FormatError => "FORMERR",
        DnsResponseCode.ServerFailure => "SERVFAIL",
        DnsResponseCode.NotImplemented => "NOTIMP",
        DnsResponseCode.Refused => "REFUSED",
        _ => $"error {(int)code}",
    };
}
