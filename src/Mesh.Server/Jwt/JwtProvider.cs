using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Jwt.Remote;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Jose;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Jwt;

/// <summary>A compiled <see cref="JwtProviderConfig"/>, with the tokens that its keys have verified.</summary>
internal sealed class JwtProvider
{
    private readonly TokenLocations _locations;
    private readonly JwtRequirements _requirements;
    private readonly StringMatcher? _subject;
    private readonly ClaimHeaders _headers;
    private readonly TimeProvider _time;
    private readonly RemoteKeySet? _remote;
    private volatile ProvenTokens _tokens;

    /// <param name="config">What it asks of tokens.</param>
    /// <param name="time">The clock of validity.</param>
    /// <param name="remote">Where its keys are, if they are fetched.</param>
    /// <exception cref="InvalidOperationException">The keys are none; the decoder lets no such provider through.</exception>
    public JwtProvider(JwtProviderConfig config, TimeProvider time, RemoteKeySet? remote = null)
    {
        Config = config;
        _time = time;
        _remote = remote;
        var known = JsonWebKeySet.TryParse(config.KeySet, out var keys, out var error, allowNoKeys: true)
            ? keys
            : throw new InvalidOperationException($"The keys of {config.Issuer}: {error}.");
        _locations = new TokenLocations(config);
        _requirements = new JwtRequirements
        {
            Issuer = config.Issuer,
            Audiences = config.Audiences,
            ClockSkew = config.ClockSkew,
            RequireExpiration = config.RequireExpiration,
            MaxLifetime = config.MaxLifetime,
        };
        _subject = config.Subject is { } subject ? new StringMatcher(subject) : null;
        _headers = new ClaimHeaders(config);
        _tokens = new ProvenTokens(known, config.CacheSize);
    }

    public JwtProviderConfig Config { get; }

    /// <summary>Keys that can verify something.</summary>
    public JsonWebKeySet Keys => Tokens.Keys;

    /// <summary>The keys are on their way for the first time, and a token here has to wait for them.</summary>
    public Task? FirstKeys => _remote is { First.IsCompleted: false } ? _remote.First : null;

    private ProvenTokens Tokens
    {
        get
        {
            var tokens = _tokens;
            return _remote is null || ReferenceEquals(tokens.Keys, _remote.Keys) ? tokens : _tokens = new ProvenTokens(_remote.Keys, Config.CacheSize);
        }
    }

    /// <summary>Headers that only a token may set are taken out of what the client sent.</summary>
    public void Sanitize(InboundRequest request) => _headers.Remove(request.HttpContext.Request.Headers);

    /// <summary>What this provider asks of a token, with other audiences.</summary>
    public JwtRequirements With(EquatableArray<string>? audiences) =>
        audiences is { } other ? _requirements with { Audiences = other } : _requirements;

    /// <summary>Verifies all tokens where this provider's stand. The last one speaks for the request.</summary>
    public JwtFailure Verify(InboundRequest request, JwtRequirements requirements)
    {
        var http = request.HttpContext.Request;
        var failure = Find(http, requirements, out var token);
        if (failure != JwtFailure.None)
        {
            return failure;
        }

        if (!Config.Forward)
        {
            _locations.Strip(http);
        }

        foreach (var (name, value) in token!.Headers)
        {
            http.Headers[name] = value;
        }

        if (Config.PublishesPayload)
        {
            request.Jwt = token.Verified;
        }

        return JwtFailure.None;
    }

    /// <summary>Verifies them, and leaves the request as it is.</summary>
    public JwtFailure Find(HttpRequest http, JwtRequirements requirements, out CachedToken? token)
    {
        var visitor = new Visitor(this, requirements);
        _locations.Visit(http, ref visitor);
        token = visitor.Token;
        return visitor.Failure != JwtFailure.None ? visitor.Failure : token is null ? JwtFailure.Missing : JwtFailure.None;
    }

    /// <summary>Whether something stands where its tokens do.</summary>
    public bool HasToken(HttpRequest http)
    {
        var presence = default(Presence);
        _locations.Visit(http, ref presence);
        return presence.Found;
    }

    private JwtFailure Check(ReadOnlySpan<char> text, JwtRequirements requirements, out CachedToken? token)
    {
        token = null;
        if (text.Length > JsonWebToken.MaxLength)
        {
            return JwtFailure.TooLong;
        }

        var tokens = Tokens;
        var key = TokenKey.Of(text);
        if (tokens.Cache.TryGet(key, out token))
        {
            var still = CheckClaims(token.Claims, requirements);
            if (still == JwtFailure.Expired)
            {
                tokens.Cache.Remove(key);
            }

            return still;
        }

        var failure = JsonWebToken.TryParse(text, out var parsed);
        if (failure == JwtFailure.None)
        {
            // Claims first, as Envoy: those of another issuer are another provider's business, and signatures are dear.
            failure = CheckClaims(parsed!.Claims, requirements);
        }

        if (failure == JwtFailure.None)
        {
            failure = tokens.Keys.Keys.Count == 0 ? JwtFailure.NoKeys : tokens.Keys.Verify(parsed!);
        }

        if (failure == JwtFailure.None)
        {
            token = new CachedToken(parsed!.Claims, VerifiedTokens.Of(parsed, Config.SpaceDelimitedClaims), _headers.Of(parsed));
            tokens.Cache.Add(key, token);
        }

        return failure;
    }

    private JwtFailure CheckClaims(JwtClaims claims, JwtRequirements requirements)
    {
        var failure = requirements.Check(claims, _time.GetUtcNow());
        return failure == JwtFailure.None && _subject?.Matches(claims.Subject ?? "") == false ? JwtFailure.WrongSubject : failure;
    }

    private struct Presence : ITokenVisitor
    {
        public bool Found { get; private set; }

        public bool Visit(ReadOnlySpan<char> token)
        {
            Found = true;
            return false;
        }
    }

    private ref struct Visitor(JwtProvider provider, JwtRequirements requirements) : ITokenVisitor
    {
        public JwtFailure Failure { get; private set; }

        public CachedToken? Token { get; private set; }

        public bool Visit(ReadOnlySpan<char> token)
        {
            Failure = provider.Check(token, requirements, out var verified);
            Token = verified;
            return Failure == JwtFailure.None;
        }
    }
}
