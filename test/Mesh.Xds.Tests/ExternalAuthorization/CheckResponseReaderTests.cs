using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Envoy.Type.V3;
using Google.Rpc;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.ExternalAuthorization;

namespace ProxylessMesh.Xds.Tests.ExternalAuthorization;

/// <summary>Only what says so clearly allows.</summary>
public sealed class CheckResponseReaderTests
{
    [Fact]
    public void Only_the_status_OK_allows()
    {
        Assert.True(CheckResponseReader.Read(new CheckResponse { Status = new Status() }).IsAllowed);
        Assert.Throws<AuthorizerException>(() => CheckResponseReader.Read(new CheckResponse()));
        Assert.Throws<AuthorizerException>(() => CheckResponseReader.Read(new CheckResponse { OkResponse = new OkHttpResponse() }));
        Assert.Throws<AuthorizerException>(() => CheckResponseReader.Read(new CheckResponse { Status = new Status(), ErrorResponse = new DeniedHttpResponse() }));
        Assert.False(CheckResponseReader.Read(new CheckResponse { Status = new Status { Code = 7 }, OkResponse = new OkHttpResponse() }).IsAllowed);
        Assert.False(CheckResponseReader.Read(new CheckResponse { Status = new Status { Code = -1 } }).IsAllowed);
        Assert.False(CheckResponseReader.Read(new CheckResponse { Status = new Status(), DeniedResponse = new DeniedHttpResponse() }).IsAllowed);
    }

    [Theory]
    [InlineData(0, 403)]
    [InlineData(204, 403)]
    [InlineData(304, 403)]
    [InlineData(1000, 403)]
    [InlineData(-5, 403)]
    [InlineData(401, 401)]
    public void A_status_that_is_none_is_403(int code, int status) => Assert.Equal(
        status,
        CheckResponseReader.Read(new CheckResponse { Status = new Status { Code = 7 }, DeniedResponse = new DeniedHttpResponse { Status = new HttpStatus { Code = (StatusCode)code } } }).Status);

    [Fact]
    public void Headers_replace_unless_they_are_to_be_appended_and_those_that_break_a_message_are_left_away()
    {
        var ok = new OkHttpResponse { HeadersToRemove = { "X-Gone", "host", ":path", "content-length" } };
        foreach (var (name, value, append) in new[] { ("x-user", "alice", false), ("x-more", "1", true), ("host", "evil", false), ("x-bad", "a\r\nb", false), (":path", "/", false), ("transfer-encoding", "chunked", false) })
        {
            ok.Headers.Add(new HeaderValueOption { Header = new HeaderValue { Key = name, Value = value }, Append = append ? true : null });
        }

        Assert.Equal(
            [
                new HeaderMutationConfig(HeaderMutationKind.Remove, "x-gone"),
                new HeaderMutationConfig(HeaderMutationKind.Set, "x-user", "alice"),
                new HeaderMutationConfig(HeaderMutationKind.Append, "x-more", "1"),
            ],
            CheckResponseReader.Read(new CheckResponse { Status = new Status(), OkResponse = ok }).RequestHeaders);
    }

    [Fact]
    public void A_change_of_the_query_string_is_no_verdict() => Assert.Throws<AuthorizerException>(() => CheckResponseReader.Read(
        new CheckResponse { Status = new Status(), OkResponse = new OkHttpResponse { QueryParametersToRemove = { "q" } } }));
}
