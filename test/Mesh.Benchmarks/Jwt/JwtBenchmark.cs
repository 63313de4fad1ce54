using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Server.Jwt;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Benchmarks.Jwt;

/// <summary>What the token of a request costs: one that was seen before, a new one, and the bare RSA operation.</summary>
internal sealed class JwtBenchmark : IBenchmark
{
    private const int Known = 200_000;
    private const int New = 2_000;
    private const int RoundCount = 7;
    private const string Issuer = "https://login.example.com";

    public string Name => "jwt";

    public string Description => "time and bytes per token: remembered, verified anew, and RSA-2048 alone";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        using var rsa = RSA.Create(2048);
        var signed = Encoding.ASCII.GetBytes($"{Text("""{"alg":"RS256","kid":"k","typ":"JWT"}""")}.{Text(Payload())}");
        var signature = rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var token = $"{Encoding.ASCII.GetString(signed)}.{Base64Url.EncodeToString(signature)}";
        var numbers = rsa.ExportParameters(includePrivateParameters: false);
        var keys = $$"""{"keys":[{"kty":"RSA","kid":"k","alg":"RS256","n":"{{Base64Url.EncodeToString(numbers.Modulus)}}","e":"{{Base64Url.EncodeToString(numbers.Exponent)}}"}]}""";
        _ = JsonWebKeySet.TryParse(keys, out var set, out _);

        var provider = new JwtProvider(new JwtProviderConfig("p", Issuer, keys) { ClockSkew = JwtRequirements.DefaultClockSkew }, TimeProvider.System);
        var requirements = provider.With(null);
        var http = new DefaultHttpContext().Request;
        http.Headers.Authorization = "Bearer " + token;

        bool Remembered() => provider.Find(http, requirements, out _) == JwtFailure.None;
        bool Anew() => JsonWebToken.TryParse(token, out var parsed) == JwtFailure.None && set!.Verify(parsed!) == JwtFailure.None;
        bool Bare() => rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        var time = await Rounds.RunAsync(
            [
                new Side("remembered", () => Task.FromResult(Time(Remembered, Known))),
                new Side("verified anew", () => Task.FromResult(Time(Anew, New))),
                new Side("RSA-2048 alone", () => Task.FromResult(Time(Bare, New))),
            ],
            RoundCount);
        Rounds.Print(output, $"ns per token of {token.Length} characters, median of {RoundCount} rounds", time, "0");
        return
        [
            new Verdict("jwt-remembered", Rounds.Median(time["remembered"]), " ns", 2000, AtLeast: false),
            new Verdict("jwt-remembered-bytes", Bytes(Remembered), " bytes", 0, AtLeast: false),
            new Verdict("jwt-anew-vs-rsa", Rounds.Ratio(time["verified anew"], time["RSA-2048 alone"]), "x", 1.5, AtLeast: false),
        ];
    }

    private static string Payload() =>
        $$"""{"iss":"{{Issuer}}","sub":"2b1f7a52-58d2-4a3c-9a66-0f0f6f5f2c3e","aud":["bookinfo","account"],"exp":4102444800,"iat":1,"scope":"openid profile email","roles":["reader","writer"],"name":"Alice Example","email":"alice@example.com"}""";

    private static string Text(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static double Time(Func<bool> verify, int count)
    {
        var start = Stopwatch.GetTimestamp();
        Run(verify, count);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    private static double Bytes(Func<bool> verify)
    {
        const int count = 10_000;
        Run(verify, count);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(verify, count);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / count;
    }

    private static void Run(Func<bool> verify, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!verify())
            {
                throw new InvalidOperationException("The token was refused.");
            }
        }
    }
}
